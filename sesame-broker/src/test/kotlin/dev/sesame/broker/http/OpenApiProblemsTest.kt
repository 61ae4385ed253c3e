package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.Http
import dev.sesame.broker.Limits
import dev.sesame.broker.TestBroker
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import java.net.http.HttpRequest.BodyPublishers
import java.time.Duration

/** Every refusal that can be provoked is as the contract says: status, code, body and headers; `call` holds them against it. */
class OpenApiProblemsTest :
    FunSpec({
        val broker = autoClose(TestBroker(limits = Limits(openRequests = 5, feeds = 0, heldPolls = 0)))
        val requester = broker.requester().http

        val wired = autoClose(WiredBroker())
        val owner = wired.approver()
        val asking = wired.requesterOwnedBy(owner.id)
        val approver = wired.approver().http

        val seen = mutableSetOf<String>()
        infix fun Answer.refuses(code: String) = withClue(this) {
            text("code") shouldBe code
            seen += code
        }

        test("no credential, an unknown one, and one for other calls") {
            broker.nobody.call("GET /v1/approvals") refuses "unauthorized"
            Http(broker.url, "sk_live_unknown").call("GET /v1/approvals") refuses "unauthorized"
            requester.call("GET /v1/inbox") refuses "forbidden"
        }

        test("a body that can't be read") {
            val deep = """{"action": """ + "[".repeat(65)
            val twice = """{"action": "a", "action": "b", "summary": "s"}"""
            listOf("{", "[]", """{"action": a}""", deep, twice).forEach { requester.call(OPEN, it) refuses "malformed_json" }
            requester.call(OPEN, LEAST.padEnd(LARGEST + 1)) refuses "too_large"
            requester.call(OPEN, LEAST.padEnd(LARGEST)).status shouldBe 201
            requester.call(OPEN, LEAST, contentType = "text/plain") refuses "unsupported_media_type"
        }

        test("fields and parameters that are wrong, unknown or not honoured yet, all at once") {
            val open = requester.call(OPEN, """{"action": 1, "summary": "s", "colour": "red"}""")
            open refuses "invalid"
            open.refused shouldContainExactly listOf("action", "colour")
            val early = """{"callback_url": "https://10.0.0.1", "editable": ["a"], "groups": "a", "approvals_required": 11, "test": {}}"""
            requester.call(OPEN, LEAST.dropLast(1) + "," + early.drop(1)).refused shouldContainExactlyInAnyOrder
                listOf("callback_url", "editable", "groups", "approvals_required", "test")
            requester.call("GET /v1/approvals", query = "?limit=0&status=maybe&cursor=none&colour=red").refused
                .shouldContainExactlyInAnyOrder("limit", "status", "cursor", "colour")
            requester.call("GET /v1/decisions", query = "?colour=red").refused shouldContainExactly listOf("colour")
            requester.call("GET /v1/approvals/{id}", query = "?wait=maybe").refused shouldContainExactly listOf("wait")
        }

        test("what isn't there, and methods that aren't taken") {
            requester.call("GET /v1/approvals/{id}") refuses "not_found"
            requester.call("GET /v1/approvals/{id}", id = "7") refuses "not_found"
            broker.admin.call("POST /v1/admin/keys/{id}/revoke", "{}", "7") refuses "not_found"
            val put = requester.send(requester.request("/v1/approvals").PUT(BodyPublishers.noBody()))
            Contract.check.faults(Contract.schema("Problem"), put.json).shouldBeEmpty()
            put refuses "method_not_allowed"
        }

        test("a cursor that leads nowhere, a name that is taken, and more than the limits allow") {
            asking.call("GET /v1/decisions", header = "Last-Event-ID" to "bm90aGluZw") refuses "cursor_expired"
            broker.admin.call("POST /v1/admin/requesters", """{"name": "default"}""") refuses "name_taken"
            broker.admin.call("POST /v1/admin/approvers", """{"name": "admin"}""") refuses "name_taken"
            val id = requester.open()["approval_id"]
            requester.call("GET /v1/approvals/{id}", id = id, query = "?wait=true") refuses "rate_limited"
            requester.call("GET /v1/decisions") refuses "rate_limited"
            generateSequence { requester.call(OPEN, LEAST) }.first { it.status != 201 } refuses "rate_limited"
        }

        test("before the decision") {
            val opened = asking.open()
            asking.claim(opened) refuses "not_approved"
            asking.report(opened, "ct_none") refuses "claim_lost"
            owner.http.decide(opened) refuses "self_approval"
            approver.call("POST /v1/approvals/{id}/cancel", "{}", opened["approval_id"]) refuses "forbidden"
            val other = """{"action": "other", "summary": "s", "dedup_key": "${opened["dedup_key"]}"}"""
            asking.call(OPEN, other) refuses "dedup_conflict"
        }

        test("an edit of what isn't open to edits, and a vote of somebody who isn't asked") {
            val opened = asking.open()
            val edit = """{"decision": "approve", "context": {"order": 8}}"""
            approver.call("POST /v1/approvals/{id}/decision", edit, opened["approval_id"]) refuses "not_editable"
            wired.admin.call("POST /v1/admin/groups", """{"name": "finance"}""").let { group ->
                wired.admin.call("POST /v1/admin/groups/{id}/add-member", """{"approver": "admin"}""", group["id"]).status shouldBe 200
            }
            val grouped = asking.call(OPEN, LEAST.dropLast(1) + """, "groups": ["finance"]}""")
            approver.decide(grouped) refuses "not_in_group"
            approver.call("POST /v1/approvals/{id}/extend", """{"expires_in": 100000}""", grouped["approval_id"]) refuses "not_in_group"
            wired.admin.call("POST /v1/approvals/{id}/extend", """{"expires_in": 100000}""", grouped["approval_id"]).status shouldBe 200
        }

        test("after the decision, or in place of it") {
            val opened = asking.open()
            approver.decide(opened).status shouldBe 200
            approver.decide(opened) refuses "already_decided"
            asking.call("POST /v1/approvals/{id}/cancel", "{}", opened["approval_id"]) refuses "already_decided"
            val unanswered = asking.open()
            wired.clock.move(Duration.ofDays(2))
            asking.claim(opened) refuses "approval_lapsed"
            val late = approver.decide(unanswered)
            late refuses "already_decided"
            late["approval.status"] shouldBe "expired"
        }

        test("while it is claimed, when the lease has lapsed, and after the run") {
            val opened = asking.open()
            approver.decide(opened)
            asking.claim(opened, hash = "sha256:0") refuses "context_mismatch"
            val token = asking.claim(opened)["claim_token"]
            asking.claim(opened, claimant = "d") refuses "already_claimed"
            wired.admin.call(OUTCOME, """{"outcome": "failed"}""", opened["approval_id"]) refuses "already_claimed"
            approver.call(OUTCOME, """{"outcome": "failed"}""", opened["approval_id"]) refuses "forbidden"
            asking.report(opened, "ct_none") refuses "claim_lost"
            wired.clock.moveSeconds(60)
            asking.call("GET /v1/approvals/{id}", id = opened["approval_id"])["execution.state"] shouldBe "unknown"
            asking.claim(opened) refuses "outcome_unknown"
            asking.report(opened, token).status shouldBe 200
            asking.claim(opened) refuses "already_executed"
            asking.report(opened, token, "failed") refuses "already_executed"
        }

        test("a broker that is about to stop") {
            wired.beginToStop()
            wired.nobody.call("GET /readyz") refuses "unavailable"
        }

        test("these were all codes of the contract but that for a fault of the broker") {
            (seen + "internal") shouldContainExactlyInAnyOrder Contract.schema("ProblemCode")["enum"].words()
        }
    }) {
    private companion object {
        const val OPEN = "POST /v1/approvals"
        const val OUTCOME = "POST /v1/approvals/{id}/outcome"
        const val LEAST = """{"action":"a","summary":"s"}"""
        const val LARGEST = 256 * 1024

        fun Http.decide(opened: Answer): Answer =
            call("POST /v1/approvals/{id}/decision", """{"decision": "approve"}""", opened["approval_id"])

        fun Http.claim(opened: Answer, claimant: String = "c", hash: String = opened["context_hash"]): Answer {
            val body = """{"claimant": "${claimant.repeat(22)}", "context_hash": "$hash"}"""
            return call("POST /v1/approvals/{id}/claim", body, opened["approval_id"])
        }

        fun Http.report(opened: Answer, token: String, outcome: String = "succeeded"): Answer =
            call(OUTCOME, """{"claim_token": "$token", "outcome": "$outcome"}""", opened["approval_id"])
    }
}
