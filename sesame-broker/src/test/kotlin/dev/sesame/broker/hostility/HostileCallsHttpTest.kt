package dev.sesame.broker.hostility

import dev.sesame.broker.Browser
import dev.sesame.broker.TestBroker
import dev.sesame.broker.browser
import dev.sesame.broker.http.RawCall
import dev.sesame.broker.http.WiredBroker
import dev.sesame.hostile.Cases
import dev.sesame.hostile.anyText
import dev.sesame.hostile.spoiled
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch
import java.net.SocketException
import java.net.URLEncoder
import kotlin.random.Random

/** One call as it goes over the wire. */
private class Wire(val text: String, val body: ByteArray = ByteArray(0)) {
    override fun toString() = text + body.decodeToString()
}

/** Every route, with spoiled addresses, queries, headers, cookies and forms: an answer of 1xx to 4xx, or none to what isn't HTTP. */
class HostileCallsHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val approver = broker.approver("admin")
        val browser = broker.browser(approver)
        val id = requester.asked("editable" to listOf("n"), "context" to mapOf("n" to 1))
        val decided = requester.asked().also { approver.approve(it) }
        val routes = WiredBroker().use { it.routes }

        fun credential(random: Random): String = when (random.nextInt(4)) {
            0 -> "Authorization: Bearer ${requester.http.bearer}"
            1 -> "Authorization: Bearer ${approver.http.bearer}"
            else -> "Cookie: ${browser.cookie}"
        }

        fun heads(random: Random): List<String> = listOf(
            credential(random),
            "Last-Event-ID: MTIuMTc2MzY0MDAwMDAwMC5yZV8xLmxpdmU",
            "Accept: text/event-stream, application/json;q=0.5",
            "Sec-Fetch-Site: same-origin",
            "Origin: ${broker.url}",
            "User-Agent: Mozilla/5.0",
            "If-None-Match: \"x\"",
            "Accept-Encoding: gzip",
            "X-Forwarded-For: 10.0.0.1",
        )

        test("what is read") {
            val gets = routes.filter { it.startsWith("GET ") }
                .map { it.substringAfter(' ').replace("{id}", decided).replace("{file}", "x.css") }
            Cases(400).each({ random ->
                val target = random.encoded(gets.random(random)) + "?" + List(random.nextInt(4)) { random.parameter() }.joinToString("&")
                val headers = heads(random).shuffled(random).take(random.nextInt(1, 6))
                    .map { if (random.nextBoolean()) it else random.header(it) }
                Wire(random.rarelySpoiled("GET $target HTTP/1.1\r\nHost: localhost\r\n${headers.joinToString("\r\n")}\r\n\r\n") + END)
            }) { wire -> broker.url.answers(wire) }
        }

        test("what is sent in forms") {
            val posts = routes.filter { it.startsWith("POST ") && "/v1/" !in it }.map { it.substringAfter(' ').replace("{id}", id) }
                .filterNot { it in ends }
            val token = formToken(browser)
            Cases(300).each({ random ->
                val form = random.form(token)
                val headers = heads(random).drop(3) + "Cookie: ${browser.cookie}" + "Content-Type: application/x-www-form-urlencoded"
                Wire(
                    "POST ${posts.random(random)} HTTP/1.1\r\nHost: localhost\r\n${headers.joinToString("\r\n")}\r\n" +
                        "Content-Length: ${form.size}\r\n\r\n",
                    form,
                )
            }) { wire -> broker.url.answers(wire) }
            broker.nobody.get("/readyz").status shouldBe 200
        }
    })

/** Where the visitor would sign out, and the rest of the cases with them. */
private val ends = setOf("/sign-out", "/sessions/end")
private const val END = "\r\n\r\n"

private fun String.answers(wire: Wire) {
    val line = RawCall(this).use { call ->
        try {
            call.send(wire.text + String(wire.body, Charsets.ISO_8859_1))
            call.head().firstOrNull().orEmpty()
        } catch (_: SocketException) {
            "" // it hung up before all of it was sent
        }
    }
    withClue(wire) { if (line.isNotEmpty()) line shouldMatch "\\S+ [1-4][0-9][0-9].*" } // in the version that was asked in, be it HTTP/3.1
}

private fun formToken(browser: Browser): String =
    checkNotNull(Regex("""name="form" value="([^"]*)"""").find(browser.get("/sessions").text)).groupValues[1]

private fun Random.rarelySpoiled(text: String): String = if (nextInt(10) == 0) spoiled(text) else text

private fun Random.encoded(path: String): String = when (nextInt(4)) {
    0 -> path.split('/').joinToString("/") { if (nextInt(3) == 0) URLEncoder.encode(spoiled(it), Charsets.UTF_8) else it }
    1 -> spoiled(path).filter { it in '!'..'~' }
    else -> path
}

private fun Random.header(line: String): String = line.substringBefore(':') + ": " +
    spoiled(line.substringAfter(": ")).filter { it !in "\r\n" && it.code in 1..255 }

private fun Random.parameter(): String {
    val (name, value) = parameters.random(this)
    return when (nextInt(4)) {
        0 -> spoiled("$name=$value").filter { it in '!'..'~' }
        1 -> "$name=" + URLEncoder.encode(anyText(), Charsets.UTF_8)
        2 -> "$name=$value"
        else -> "$name=" + URLEncoder.encode(spoiled(value), Charsets.UTF_8)
    }
}

private fun Random.form(token: String): ByteArray {
    val typed = fields.shuffled(this).take(nextInt(fields.size)).map { (name, value) ->
        "$name=" + URLEncoder.encode(if (nextBoolean()) spoiled(value) else value, Charsets.UTF_8)
    }
    val whole = (typed + "form=$token").joinToString("&")
    return if (nextInt(8) == 0) spoiled(whole.toByteArray()) else whole.toByteArray()
}

private val parameters = listOf(
    "status" to "pending", "action" to "a", "dedup_key" to "k", "limit" to "20", "cursor" to "MTc2MzY0MDAwMDAwMC5hcF9hYWE",
    "ids" to "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa,x", "timeout_seconds" to "0", "wait" to "false", "execution" to "claimed", "after" to "1",
    "requester" to "x", "endpoint_id" to "ep_x", "approval_id" to "ap_x", "state" to "pending", "show" to "decided", "text" to "x",
    "older" to "MTc2MzY0MDAwMDAwMC5hcF9hYWE", "page" to "1", "next" to "/inbox",
)

private val fields = listOf(
    "decision" to "approve", "note" to "n", "seen" to "1", "asked" to "sha256:x", "approves" to "sha256:x", "changed" to """{"n":2}""",
    "edit-0" to "2", "expires_in" to "3600", "link" to "sl_x", "next" to "/inbox", "ticket" to "17636.abc",
    "credential" to """{"id":"x"}""",
    "endpoint" to "https://push.example/x", "p256dh" to "BAAA", "auth" to "AAAA", "id" to "x", "name" to "n", "outcome" to "succeeded",
    "detail" to "d", "url" to "https://a.example/", "requester" to "r", "role" to "approver", "confirm" to "yes",
)
