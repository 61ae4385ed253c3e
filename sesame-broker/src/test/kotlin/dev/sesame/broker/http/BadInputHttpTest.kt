package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import java.io.ByteArrayInputStream
import java.net.http.HttpRequest.BodyPublishers

/** Whatever comes in, there is one clear answer, and the broker goes on. */
class BadInputHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val http = requester.http

        fun Answer.isProblem(status: Int, code: String): Answer = also {
            withClue(this) {
                this shouldBeRefusedWith (status to code)
                text("type") shouldBe "urn:sesame:problem:$code"
                text("status") shouldBe "$status"
                header("Content-Type")!! shouldStartWith "application/problem+json"
                text("request_id") shouldBe header("Request-Id")
                text("detail")!!.isNotBlank() shouldBe true
            }
        }

        BODIES.forEach { (name, body) ->
            test("$name is 400 malformed_json") { http.postText("/v1/approvals", body).isProblem(400, "malformed_json") }
        }

        test("an empty body is an empty object, which lacks what is required") {
            http.postText("/v1/approvals", "").isProblem(422, "invalid").wrongFields shouldContainExactly listOf("action", "summary")
        }

        test("bytes that are not UTF-8 are 400") {
            listOf(byteArrayOf(-1, -2), byteArrayOf(-61, 40), byteArrayOf(-19, -96, -128)).forEach { bad ->
                val body = """{"action":"a","summary":"""".toByteArray() + bad + "\"}".toByteArray()
                http.postBody("/v1/approvals", BodyPublishers.ofByteArray(body)).isProblem(400, "malformed_json")
            }
        }

        test("a body of more than 256 KiB is 413, with its length told before or not") {
            val large = """{"action":"a","summary":"${"x".repeat(400_000)}"}""".toByteArray()
            val told = BodyPublishers.ofByteArray(large)
            val untold = BodyPublishers.ofInputStream { ByteArrayInputStream(large) }
            listOf(told, untold).forEach { http.postBody("/v1/approvals", it).isProblem(413, "too_large") }
        }

        test("a body of 256 KiB is read, and one byte more is not") {
            fun body(size: Int) = """{"action":"a","summary":"b"}""".padEnd(size)
            http.postText("/v1/approvals", body(262_144)).status shouldBe 201
            http.postText("/v1/approvals", body(262_145)).isProblem(413, "too_large")
        }

        listOf(
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/xml",
            "nonsense",
            "json; charset",
            "*/*",
            "",
        ).forEach { type ->
            test("the content type '$type' is 415") {
                http.postBody("/v1/approvals", BodyPublishers.ofString(GOOD), type).isProblem(415, "unsupported_media_type")
            }
        }

        test("no content type at all is 415; JSON with a charset is taken") {
            http.send(http.request("/v1/approvals").POST(BodyPublishers.ofString(GOOD))).isProblem(415, "unsupported_media_type")
            http.postBody("/v1/approvals", BodyPublishers.ofString(GOOD), "application/json; charset=utf-8").status shouldBe 201
        }

        TEXTS.forEach { (name, escaped) ->
            test("$name in a text is 422 and names it") {
                val answer = http.postText("/v1/approvals", """{"action":"a","summary":"$escaped"}""")
                answer.isProblem(422, "invalid").wrongFields shouldContainExactly listOf("summary")
            }
        }

        NUMBERS.forEach { number ->
            test("$number, which no double holds, in a context is 422 and names where") {
                val answer = http.postText("/v1/approvals", """{"action":"a","summary":"b","context":{"deep":{"n":$number}}}""")
                answer.isProblem(422, "invalid").wrongFields.single() shouldStartWith "context"
            }
        }

        test("a lone surrogate in a context is 422 as a value, and no JSON at all as a name") {
            fun ask(member: String) = http.postText("/v1/approvals", """{"action":"a","summary":"b","context":{$member}}""")
            ask(""""a":"\ud800"""").isProblem(422, "invalid").wrongFields.single() shouldStartWith "context"
            ask(""""\udc00":1""").isProblem(400, "malformed_json")
        }

        test("a name that stands twice is no JSON that everybody reads alike") {
            http.postText("/v1/approvals", """{"action":"a","summary":"b","summary":"c"}""").isProblem(400, "malformed_json")
        }

        ODD_IDS.forEach { id ->
            test("the id $id is 404, as an unknown one") { http.get("/v1/approvals/$id").isProblem(404, "not_found") }
        }

        test("an authorization that is none is 401, and the answer doesn't repeat it") {
            val secret = "x".repeat(32)
            listOf(
                null, "", "Bearer", "Bearer ", "Basic $secret", "Bearer $secret", "Bearer at_$secret", "Bearer sk_live_$secret",
                "Bearer sk_test_$secret", "Bearer ${http.bearer}x",
                "Bearer sk_live_${"x".repeat(5_000)}", http.bearer, "Token ${http.bearer}",
            ).forEach { header ->
                val request = Http(broker.url, null).request("/v1/approvals").GET()
                if (header != null) request.header("Authorization", header)
                val answer = broker.nobody.send(request)
                withClue(header) { answer.isProblem(401, "unauthorized") }
                answer.header("WWW-Authenticate") shouldBe "Bearer"
                answer.text shouldNotContain secret
            }
        }

        test("requests that no client sends get an answer that is their fault, and no hanging") {
            val authorized = "Authorization: Bearer ${http.bearer}"
            val long = "x".repeat(20_000)
            listOf(
                rawRequest("GET /v1/approvals/%zz HTTP/1.1", authorized),
                rawRequest("GET /v1/approvals/%ff%fe HTTP/1.1", authorized),
                rawRequest("GET /v1/approvals/ap_\u0001 HTTP/1.1", authorized),
                rawRequest("GET /v1/approvals?limit=%zz HTTP/1.1", authorized),
                rawRequest("GET /v1/approvals?cursor=$long HTTP/1.1", authorized),
                rawRequest("GET /v1/approvals HTTP/1.1", "Authorization: Bearer $long"),
                rawRequest("GET /v1/approvals/../../etc/passwd HTTP/1.1", authorized),
                rawRequest("POST /v1/approvals HTTP/1.1", authorized, "Content-Type: application/json", "Content-Length: -5"),
                rawRequest("POST /v1/approvals HTTP/1.1", authorized, "Content-Type: application/json", "Content-Length: many"),
                rawRequest("NONSENSE /v1/approvals HTTP/1.1", authorized),
            ).forEach { request ->
                val answer = rawCall(broker.url, request)
                withClue(request.take(60)) { answer shouldMatch "HTTP/1.[01] 4\\d\\d .*" }
            }
        }

        test("after all of them a normal request works") {
            requester.asked()
            broker.nobody.get("/readyz").status shouldBeIn setOf(200)
        }
    })

private const val GOOD = """{"action":"a","summary":"b"}"""

private val BODIES = mapOf(
    "garbage" to "\u0001\u0002 garbage",
    "a word" to "nonsense",
    "an array" to "[]",
    "an array of a good one" to "[$GOOD]",
    "a string" to "\"text\"",
    "a number" to "7",
    "null" to "null",
    "white space" to "  \n ",
    "half an object" to """{"action":"a",""",
    "an unquoted value" to """{"action":"a","summary":nonsense}""",
    "an unquoted value in a context" to """{"action":"a","summary":"b","context":{"a":nonsense}}""",
    "an unquoted name" to """{action:"a","summary":"b"}""",
    "single quotes" to """{'action':'a','summary':'b'}""",
    "a trailing comma" to """{"action":"a","summary":"b",}""",
    "two objects" to "$GOOD$GOOD",
    "text after the object" to "$GOOD x",
    "a comment" to """{"action":"a","summary":"b"/* c */}""",
    "NaN" to """{"action":"a","summary":"b","risk_score":NaN}""",
    "a number with a leading zero" to """{"action":"a","summary":"b","risk_score":01}""",
    "a bare line break in a text" to "{\"action\":\"a\",\"summary\":\"b\nc\"}",
    "an unknown escape" to """{"action":"a","summary":"\x41"}""",
    "a half escape" to """{"action":"a","summary":"\u00"}""",
    "ten thousand brackets" to """{"action":"a","summary":"b","context":{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}}""",
    "ten thousand open braces" to """{"a":""".repeat(10_000),
)

private val TEXTS = mapOf("NUL" to "\\u0000", "a lone high surrogate" to "\\ud83d", "a lone low surrogate" to "a\\ude00b")

private val NUMBERS = listOf("1e400", "-1e400", "12345678901234567890", "9007199254740993", "0.1234567890123456789012")

private val ODD_IDS =
    listOf("%00", "ap_%0a", "%E2%80%AE", "ap_${"a".repeat(25)}%41", "ap_${"a".repeat(26)}%2F..", "..%2F", "'%20OR%201=1", "%25")
