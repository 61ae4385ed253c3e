package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.Browser
import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.inbox.withPasskey
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.jsonPrimitive
import java.net.http.HttpResponse.BodyHandlers
import java.util.UUID

/** What a running broker answers is what the contract says; `call` holds each answer against it. */
class OpenApiAnswersTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester().http
        val admin = broker.admin

        test("open a request, find it again, read and list it, wait for it, and take it back") {
            val opened = requester.call("POST /v1/approvals", EVERYTHING)
            opened.status shouldBe 201
            val again = requester.call("POST /v1/approvals", EVERYTHING)
            again.status shouldBe 200
            again.json shouldBe opened.json

            val id = opened["approval_id"]
            requester.call("GET /v1/approvals/{id}", id = id).json shouldBe opened.json
            admin.call("GET /v1/approvals/{id}", id = id, query = "?wait=true&timeout_seconds=0").json shouldBe opened.json
            requester.call("GET /v1/approvals", query = "?ids=$id").list("approvals").single() shouldBe opened.json
            admin.call("GET /v1/inbox", query = "?status=pending").list("approvals").single() shouldBe opened.json

            repeat(2) { requester.call("POST /v1/approvals/{id}/cancel", "{}".takeIf { _ -> it == 0 }, id)["status"] shouldBe "cancelled" }
            requester.call("POST /v1/approvals", EVERYTHING).status shouldBe 201
        }

        test("a list in pages ends with a page that names no other") {
            repeat(3) { requester.open() }
            val first = requester.call("GET /v1/approvals", query = "?limit=2&action=payments.refund")
            val second = requester.call("GET /v1/approvals", query = "?limit=2&cursor=" + first["next_cursor"])
            first.ids.intersect(second.ids.toSet()).shouldBeEmpty()
            requester.call("GET /v1/approvals", query = "?dedup_key=none").json["next_cursor"] shouldBe JsonNull
        }

        listOf("succeeded", "failed", "unknown").forEach { outcome ->
            test("approve it, claim it, renew the claim, and report that it $outcome") {
                val opened = requester.open()
                val id = opened["approval_id"]
                val decision = """{"decision": "approve", "note": "fine"}"""
                admin.call("POST /v1/approvals/{id}/decision", decision, id)["status"] shouldBe "approved"

                val claim = """{"claimant": "${"c".repeat(22)}", "lease_seconds": 60, "context_hash": "${opened["context_hash"]}"}"""
                val claimed = requester.call("POST /v1/approvals/{id}/claim", claim, id)
                requester.call("POST /v1/approvals/{id}/claim", claim, id)["claim_token"] shouldBe claimed["claim_token"]
                claimed.json.child("approval").child("execution").keys shouldBe Contract.schema("Execution").child("properties").keys

                val report = """{"claim_token": "${claimed["claim_token"]}", "outcome": "$outcome", "detail": "by a test"}"""
                val reported = requester.call("POST /v1/approvals/{id}/outcome", report, id)
                requester.call("POST /v1/approvals/{id}/outcome", report, id).json shouldBe reported.json
                admin.call("POST /v1/approvals/{id}/outcome", """{"outcome": "$outcome"}""", id).json shouldBe reported.json
            }
        }

        test("deny it") {
            val id = requester.open()["approval_id"]
            admin.call("POST /v1/approvals/{id}/decision", """{"decision": "deny"}""", id)["status"] shouldBe "denied"
        }

        test("ask with a test key, and be answered by the request itself") {
            val key = admin.call("POST /v1/admin/keys", """{"requester": "rehearsing", "mode": "test"}""")
            key["mode"] shouldBe "test"
            val tester = Http(broker.url, key["key"])
            val body = """{"action": "a", "summary": "b", "test": {"decide": "approve", "after_ms": 0, "note": "fine"}}"""
            val id = tester.call("POST /v1/approvals", body)["approval_id"]
            tester.call("GET /v1/approvals/{id}", id = id)["decision.via"] shouldBe "test"
            admin.call("GET /v1/approvals/{id}", id = id).status shouldBe 404
            requester.call("POST /v1/approvals", body).refused shouldBe listOf("test")
        }

        test("follow the decisions, each with the document as it was decided") {
            val stream = Http.client.send(requester.request("/v1/decisions").build(), BodyHandlers.ofLines())
            stream.body().close()
            Contract.operation("GET /v1/decisions").faults(Answer(stream.statusCode(), stream.headers(), "")).shouldBeEmpty()
            Feed(requester).use { feed ->
                feed.next().name shouldBe "ready"
                val id = requester.open()["approval_id"]
                val decided = admin.call("POST /v1/approvals/{id}/decision", """{"decision": "approve"}""", id)
                val event = feed.next()
                event.name shouldBe "decision"
                Contract.check.faults(Contract.schema("Approval"), event.json).shouldBeEmpty()
                event.json shouldBe decided.json
            }
        }

        test("make, list and revoke requesters, keys and approvers") {
            admin.call("POST /v1/admin/requesters", """{"name": "shop"}""").status shouldBe 201
            val key = admin.call("POST /v1/admin/keys", """{"requester": "shop"}""")
            val shop = Http(broker.url, key["key"])
            shop.call("GET /v1/approvals").list("approvals").shouldBeEmpty()
            val mail = admin.call("POST /v1/admin/requesters", """{"name": "mail"}""")["id"]
            admin.call("POST /v1/admin/requesters/{id}/revoke", "{}", mail)["id"] shouldBe mail
            val approver = admin.call("POST /v1/admin/approvers", """{"name": "ada", "role": "approver"}""")
            Http(broker.url, approver["token"]).call("GET /v1/inbox").status shouldBe 200

            admin.call("POST /v1/admin/keys/{id}/revoke", id = key["id"])["id"] shouldBe key["id"]
            admin.call("POST /v1/admin/approvers/{id}/revoke", "{}", approver["id"])["id"] shouldBe approver["id"]
            shop.call("GET /v1/approvals") shouldBeRefusedWith (401 to "unauthorized")
            val self = admin.call("GET /v1/admin/approvers").list("approvers").first().getValue("id").jsonPrimitive.content
            admin.call("POST /v1/admin/approvers/{id}/revoke", id = self) shouldBeRefusedWith (403 to "forbidden")
            listOf("requesters" to "mail", "keys" to "shop", "approvers" to "ada").forEach { (list, name) ->
                admin.call("GET /v1/admin/$list").list(list).last().toString() shouldContain name
            }
        }

        test("make, fill, empty, list and end a group; ask its people, change what is asked, and give them more time") {
            val group = admin.call("POST /v1/admin/groups", """{"name": "finance"}""")
            val member = admin.call("POST /v1/admin/approvers", """{"name": "fay", "groups": ["finance"]}""")
            admin.call("POST /v1/admin/groups/{id}/add-member", """{"approver": "admin"}""", group["id"])["name"] shouldBe "finance"
            admin.call("POST /v1/admin/groups/{id}/remove-member", """{"approver": "admin"}""", group["id"]).list("members").size shouldBe 1
            admin.call("POST /v1/admin/requesters", """{"name": "fay's", "owner": "fay", "allow_self": true}""")["owner"] shouldBe "fay"
            val people = """"editable": ["order"], "approvals_per_group": {"finance": 1}"""
            val body = """{"action": "a", "summary": "b", "context": {"order": 7}, $people}"""
            val id = requester.call("POST /v1/approvals", body)["approval_id"]
            val fay = Http(broker.url, member["token"])
            fay.call("POST /v1/approvals/{id}/extend", """{"expires_in": 600000}""", id)["status"] shouldBe "pending"
            val decided = fay.call("POST /v1/approvals/{id}/decision", """{"decision": "approve", "context": {"order": 8}}""", id)
            decided.at("decision.edited_context").toString() shouldBe """{"order":8}"""
            admin.call("POST /v1/admin/groups/{id}/revoke", id = group["id"])["id"] shouldBe group["id"]
            admin.call("GET /v1/admin/groups").list("groups").size shouldBe 1
            admin.call("GET /v1/admin/requesters").list("requesters").last().toString() shouldContain "fay"
        }

        test("make a sign-in link, see the session that comes of it, end it, and sign the approver out everywhere") {
            val approver = admin.call("POST /v1/admin/approvers", """{"name": "grace"}""")["id"]
            repeat(2) {
                val link = admin.call("POST /v1/admin/approvers/{id}/link", "{}", approver)["url"]
                Browser(broker.url).signIn(link)
            }
            val sessions = admin.call("GET /v1/admin/sessions").list("sessions")
            sessions.map { it.getValue("approver").jsonPrimitive.content } shouldBe listOf("grace", "grace")
            val first = sessions.first().getValue("id").jsonPrimitive.content
            admin.call("POST /v1/admin/sessions/{id}/revoke", id = first)["id"] shouldBe first
            admin.call("POST /v1/admin/sessions/{id}/revoke", id = first) shouldBeRefusedWith (404 to "not_found")
            admin.call("POST /v1/admin/approvers/{id}/sign-out", id = approver)["ended"] shouldBe "1"
            admin.call("GET /v1/admin/sessions").list("sessions").shouldBeEmpty()
            admin.call("POST /v1/admin/approvers/{id}/link") shouldBeRefusedWith (404 to "not_found")
        }

        test("see which passkeys an approver has, and end them") {
            val approver = broker.approver()
            broker.withPasskey(approver)
            admin.call("GET /v1/admin/approvers/{id}/passkeys", id = approver.id).list("passkeys").size shouldBe 1
            admin.call("POST /v1/admin/approvers/{id}/passkeys/revoke", id = approver.id)["ended"] shouldBe "1"
            admin.call("POST /v1/admin/approvers/{id}/passkeys/revoke", "{}", approver.id)["ended"] shouldBe "0"
            admin.call("GET /v1/admin/approvers/{id}/passkeys", id = approver.id).list("passkeys").shouldBeEmpty()
            listOf("GET /v1/admin/approvers/{id}/passkeys", "POST /v1/admin/approvers/{id}/passkeys/revoke").forEach {
                admin.call(it) shouldBeRefusedWith (404 to "not_found")
            }
        }

        test("add, rotate, disable and enable an endpoint, and follow what is delivered to it") {
            admin.call("POST /v1/admin/requesters", """{"name": "hooked"}""").status shouldBe 201
            val key = admin.call("POST /v1/admin/keys", """{"requester": "hooked"}""")["key"]
            val made = admin.call("POST /v1/admin/endpoints", """{"requester": "hooked", "url": "http://127.0.0.1:18999/"}""")
            val id = made["id"]
            admin.call("POST /v1/admin/endpoints/{id}/rotate", id = id)["previous_secret_until"]
            admin.call("POST /v1/admin/endpoints/{id}/disable", """{"reason": "by a test"}""", id)["disabled_reason"] shouldBe "by a test"
            admin.call("POST /v1/admin/endpoints/{id}/enable", "{}", id)["id"] shouldBe id
            val decided = Http(broker.url, key).open()["approval_id"]
            admin.call("POST /v1/approvals/{id}/decision", """{"decision": "deny"}""", decided).status shouldBe 200
            admin.call("GET /v1/admin/endpoints", query = "?requester=hooked").list("endpoints").size shouldBe 1
            val delivery = admin.call("GET /v1/admin/deliveries", query = "?approval_id=$decided").list("deliveries").single()
            val deliveryId = delivery.getValue("id").jsonPrimitive.content
            awaitThat("nobody answers there") { admin.call("GET /v1/admin/deliveries/{id}", id = deliveryId).list("attempts").isNotEmpty() }
            admin.call("POST /v1/admin/deliveries/{id}/redeliver", "{}", deliveryId)["state"] shouldBe "pending"
        }

        test("set a policy, see that it is in force, and ask what it says") {
            admin.call("GET /v1/admin/policies")["in_force.origin"] shouldBe "none"
            val rule = """version: 1\nrules: [{name: no, action: never.this, effect: deny}]"""
            admin.call("POST /v1/admin/policies", """{"text": "$rule"}""").status shouldBe 201
            admin.call("GET /v1/admin/policies")["in_force.origin"] shouldBe "api"
            requester.call("POST /v1/policy/check", """{"action": "never.this", "context": {"order": 7}}""")["outcome"] shouldBe "HALT"
            val denied = requester.call("POST /v1/approvals", """{"action": "never.this", "summary": "This"}""")
            (denied["status"] to denied["decision.via"]) shouldBe ("denied" to "policy")
        }

        test("what an operator and a browser ask") {
            broker.nobody.call("GET /healthz").text shouldBe "ok\n"
            broker.nobody.call("GET /readyz").text shouldBe "ready\n"
            broker.nobody.call("GET /metrics").text shouldContain "sesame_transitions"
            broker.nobody.call("GET /approvals/{id}", id = requester.open()["approval_id"]).status shouldBe 200
            broker.nobody.call("GET /approvals/{id}").status shouldBe 404
        }
    })

private const val EVERYTHING = """{"action": "payments.refund", "summary": "Refund 20 €", "reason": "late", "context": {"order": 7},
    "callback_url": "http://127.0.0.1:18999/nobody", "dedup_key": "order-7", "expires_in": 600, "valid_for": 600, "requested_by": "ada", "risk_score": 0.5, "editable": ["order"],
    "approvals_required": 1, "groups": [], "approvals_per_group": {}}"""

/** Opens a request that no other is. */
internal fun Http.open(): Answer = call(
    "POST /v1/approvals",
    """{"action": "payments.refund", "summary": "Refund", "dedup_key": "${UUID.randomUUID()}", "context": {"order": 7}}""",
)
