package dev.sesame.bench.inbox

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.PlainHttp
import dev.sesame.bench.answered
import dev.sesame.bench.text
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.util.UUID

/** Approvers who sign in as people do: by a link, in a browser that keeps its cookie. */
internal class People(private val broker: BrokerProcess) {
    /** The cookies of [count] new approvers, one each. */
    fun signedIn(count: Int): List<String> = PlainHttp(broker.url, broker.adminToken).use { admin ->
        HttpClient.newHttpClient().use { browser -> List(count) { signIn(browser, linkOf(admin)) } }
    }

    private fun linkOf(admin: PlainHttp): String {
        val approver = admin.post(
            "/v1/admin/approvers",
            buildJsonObject {
                put("name", "bench-${UUID.randomUUID()}")
            },
        ).answered().text("id")
        return checkNotNull(admin.post("/v1/admin/approvers/$approver/link", JsonObject(emptyMap())).answered().text("url"))
    }

    private fun signIn(browser: HttpClient, link: String): String {
        val form = HttpRequest.newBuilder(URI("${broker.url}/sign-in"))
            .header("Content-Type", "application/x-www-form-urlencoded").header("Origin", broker.url)
            .POST(BodyPublishers.ofString("link=" + link.substringAfterLast('/'))).build()
        val answer = browser.send(form, BodyHandlers.ofString())
        check(answer.statusCode() == SIGNED_IN) { "signing in answered ${answer.statusCode()}" }
        return answer.headers().firstValue("Set-Cookie").get().substringBefore(';')
    }

    private companion object {
        const val SIGNED_IN = 303
    }
}
