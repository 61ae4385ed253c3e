package dev.sesame.broker

import io.kotest.assertions.withClue
import io.kotest.matchers.shouldBe
import java.net.HttpCookie
import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers

/** A browser as far as a broker can tell: it keeps a cookie, follows a redirect only when told to, and says where forms come from. */
internal class Browser(val url: String, private val agent: String = "Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0 Safari/537.36") {
    /** Its cookie, as `name=value`. */
    var cookie: String? = null

    /** What it was given with a passkey's challenge, likewise. */
    var ticket: String? = null

    /** The last page's, which its forms carry. */
    private var formToken = ""

    fun get(path: String, vararg headers: Pair<String, String>): Answer = send(request(path, headers).GET())

    /** Sends a form of the page seen last, as that page would; [headers] say it otherwise. */
    fun post(path: String, vararg fields: Pair<String, String>, headers: Array<Pair<String, String>> = OWN): Answer {
        val all = if (fields.any { it.first == "form" }) fields.toList() else fields.toList() + ("form" to formToken)
        val body = all.joinToString("&") { (name, value) -> "$name=" + URLEncoder.encode(value, Charsets.UTF_8) }
        return send(
            request(path, headers).POST(BodyPublishers.ofString(body)).apply {
                if (headers.none { it.first == "Content-Type" }) header("Content-Type", "application/x-www-form-urlencoded")
            },
        )
    }

    /** Opens [link] and presses its button. */
    fun signIn(link: String): Answer {
        get(URI(link).path).also { withClue(it) { it.status shouldBe 200 } }
        val answer = post("/sign-in", "link" to link.substringAfterLast('/'))
        withClue(answer) { answer.status shouldBe 303 }
        get("/inbox").also { withClue(it) { it.status shouldBe 200 } }
        return answer
    }

    private fun request(path: String, headers: Array<out Pair<String, String>>): HttpRequest.Builder {
        val request = HttpRequest.newBuilder(URI.create(url + path)).header("User-Agent", agent)
        listOfNotNull(cookie, ticket).takeIf { it.isNotEmpty() }?.let { request.header("Cookie", it.joinToString("; ")) }
        headers.forEach { (name, value) -> request.header(name, if (value == "own") url else value) }
        return request
    }

    private fun send(request: HttpRequest.Builder): Answer {
        val answer = Answer(Http.client.send(request.build(), BodyHandlers.ofString()))
        answer.headers.allValues("Set-Cookie").flatMap(HttpCookie::parse).forEach { set ->
            val kept = "${set.name}=${set.value}".takeIf { set.maxAge != 0L }
            if (set.name.endsWith("-passkey")) ticket = kept else cookie = kept
        }
        FORM_TOKEN.find(answer.text)?.let { formToken = it.groupValues[1] }
        return answer
    }

    companion object {
        private val FORM_TOKEN = Regex("""name="form" value="([^"]*)"""")
        val OWN = arrayOf("Origin" to "own", "Sec-Fetch-Site" to "same-origin")
    }
}

/** A browser in which [approver] is signed in. */
internal fun Callable.browser(approver: Approving): Browser = Browser(url).also { it.signIn(signInLink(approver)) }

internal fun Callable.signInLink(approver: Approving): String =
    admin.post("/v1/admin/approvers/${approver.id}/link").also { withClue(it) { it.status shouldBe 201 } }.text("url")!!
