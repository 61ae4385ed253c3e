package dev.sesame.checks.contract

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeUnique
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldStartWith

private const val UNKNOWN = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa"

internal fun FunSpec.refusing(broker: () -> BrokerUnderTest) {
    test("every answer carries the contract's headers, and a request id of its own") {
        val (requester) = broker().requester()
        val id = requester.asked()
        val answers = listOf(
            requester.ask(),
            requester.read(id),
            requester.get("/v1/approvals/$id?wait=true&timeout_seconds=0"),
            requester.get("/v1/approvals"),
            requester.postText("/v1/approvals", "nonsense"),
            broker().nobody.read(id),
            requester.read(UNKNOWN),
            requester.get("/v1/nowhere"),
            requester.call("DELETE", "/v1/approvals"),
            requester.claim(id),
            requester.post("/v1/approvals"),
        )
        answers.map { it.status } shouldBe listOf(201, 200, 200, 200, 400, 401, 404, 404, 405, 409, 422)
        answers.forEach { answer ->
            withClue(answer) {
                answer.header("Sesame-Features").orEmpty().split(", ").let { features ->
                    listOf("claim", "feed").forEach {
                        features shouldContain
                            it
                    }
                }
                answer.header("Cache-Control") shouldBe "no-store"
                answer.header("Request-Id").orEmpty() shouldMatch "req_[a-z2-7]{26}"
                val type = if (answer.status < 400) "application/json" else "application/problem+json"
                answer.header("Content-Type").orEmpty() shouldStartWith type
            }
        }
        answers.map { it.header("Request-Id") }.shouldBeUnique()
    }

    test("a problem is told as RFC 9457, with its code and the request's id") {
        val answer = broker().requester().first.read(UNKNOWN)
        answer.json.keys shouldBe setOf("type", "title", "status", "detail", "code", "request_id")
        answer["type"] shouldBe "urn:sesame:problem:not_found"
        answer["request_id"] shouldBe answer.header("Request-Id")
    }

    test("a body must be a JSON object by the letter, of its type and its size") {
        val (requester) = broker().requester()
        val bodies = mapOf(
            "nonsense" to "400 malformed_json",
            "[]" to "400 malformed_json",
            """{"action": a}""" to "400 malformed_json",
            """{"action": "a", "action": "b", "summary": "c"}""" to "400 malformed_json",
            """{"action": "a", "\u0061ction": "b", "summary": "c"}""" to "400 malformed_json",
            """{"action": "a",}""" to "400 malformed_json",
            """{"action": 01}""" to "400 malformed_json",
            """{"action": "a"} {}""" to "400 malformed_json",
            "[".repeat(100) + "]".repeat(100) to "400 malformed_json",
            "" to "422 invalid",
            "{}" to "422 invalid",
            "x".repeat(300_000) to "413 too_large",
        )
        bodies.forEach { (body, told) -> withClue(body.take(60)) { requester.postText("/v1/approvals", body).told shouldBe told } }
        requester.postText("/v1/approvals", "x", type = "text/plain").told shouldBe "415 unsupported_media_type"
        requester.postText("/v1/approvals?a=b", "{}").wrongFields shouldBe listOf("a")
    }

    test("who is unknown is 401, who may not is 403, what is another's is 404") {
        val (requester) = broker().requester()
        val id = requester.asked()
        val stranger = Caller(broker().address, "sk_live_sh_" + "x".repeat(43))
        listOf(
            broker().nobody,
            stranger,
            Caller(broker().address, "at_" + "x".repeat(43)),
            Caller(broker().address, "x"),
        ).forEach { caller ->
            val answer = caller.read(id)
            answer.told shouldBe "401 unauthorized"
            answer.header("WWW-Authenticate") shouldBe "Bearer"
        }
        requester.decide(id, "approve").told shouldBe "403 forbidden"
        requester.get("/v1/inbox").told shouldBe "403 forbidden"
        broker().approver().ask().told shouldBe "403 forbidden"
        broker().approver().claim(id).told shouldBe "403 forbidden"
        broker().approver().post("/v1/approvals/$id/cancel").told shouldBe "403 forbidden"
        broker().approver().get("/v1/decisions").told shouldBe "403 forbidden"
        val (other) = broker().requester()
        other.read(id).told shouldBe "404 not_found"
        other.get("/v1/approvals/$id?wait=true&timeout_seconds=5").told shouldBe "404 not_found"
        other.post("/v1/approvals/$id/cancel").told shouldBe "404 not_found"
        other.post("/v1/approvals/$id/claim", "claimant" to Caller.claimant(), "context_hash" to "x").told shouldBe "404 not_found"
        other.get("/v1/approvals?ids=$id").ids shouldBe emptyList()
        listOf("ap_x", UNKNOWN.uppercase(), "x").forEach { requester.read(it).told shouldBe "404 not_found" }
    }

    test("an address says what it takes, and refuses parameters that it doesn't know") {
        val (requester) = broker().requester()
        requester.call("DELETE", "/v1/approvals").header("Allow").orEmpty().split(", ").sorted() shouldBe listOf("GET", "POST")
        requester.call("PUT", "/v1/approvals/$UNKNOWN/claim").header("Allow") shouldBe "POST"
        requester.get("/v1/approvals?colour=red").wrongFields shouldBe listOf("colour")
        requester.get("/v1/approvals?limit=0").wrongFields shouldBe listOf("limit")
        requester.get("/v1/approvals?limit=101").wrongFields shouldBe listOf("limit")
        requester.get("/v1/approvals?cursor=x").wrongFields shouldBe listOf("cursor")
        requester.get("/v1/approvals?status=maybe").wrongFields shouldBe listOf("status")
        requester.get("/v1/approvals/${requester.asked()}?wait=yes&timeout_seconds=a").wrongFields shouldBe
            listOf("wait", "timeout_seconds")
    }
}
