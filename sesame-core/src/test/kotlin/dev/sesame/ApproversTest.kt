package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.flow.toList
import kotlinx.serialization.json.JsonPrimitive
import kotlin.time.Duration.Companion.milliseconds

private fun ScriptedHttp.approvers() = Approvers(TOKEN) {
    brokerUrl = ADDRESS
    engine = this@approvers.engine
}

class ApproversTest :
    FunSpec({
        test("a yes is sent with the person's own token, and its note") {
            val http = ScriptedHttp()
            http.approvers().use { it.approve(ID, "as agreed").status } shouldBe ApprovalStatus.APPROVED
            val sent = http.sent.single()
            sent.request.url.encodedPath shouldBe "/v1/approvals/$ID/decision"
            sent.request.headers["Authorization"] shouldBe "Bearer $TOKEN"
            sent.body shouldBe mapOf("decision" to JsonPrimitive("approve"), "note" to JsonPrimitive("as agreed"))
        }

        test("a no is a no") {
            val http = ScriptedHttp().apply { on(Step.DECISION, { Reply(document("denied")) }) }
            http.approvers().use { it.deny(ID).status } shouldBe ApprovalStatus.DENIED
            http.sent.single().body shouldBe mapOf("decision" to JsonPrimitive("deny"))
        }

        test("an edit is sent whole, with the yes") {
            val http = ScriptedHttp()
            http.approvers().use { it.approve(ID, context = editedContext) }
            http.sent.single().body shouldBe mapOf("decision" to JsonPrimitive("approve"), "context" to editedContext)
        }

        test("an edit that isn't open to edits says which field") {
            val http = ScriptedHttp()
            http.on(Step.DECISION, {
                Reply("""{"code": "not_editable", "detail": "x", "errors": [{"field": "context.to", "message": "no"}]}""", 422)
            })
            http.approvers().use { approvers ->
                shouldThrow<InvalidRequestException> { approvers.approve(ID, context = editedContext) }.fields shouldBe
                    mapOf("context.to" to "no")
            }
        }

        test("more time is asked for in whole seconds, rounded up") {
            val http = ScriptedHttp().apply { on(Step.EXTEND, { Reply(document("pending")) }) }
            http.approvers().use { it.extend(ID, 3_600_500.milliseconds).status } shouldBe ApprovalStatus.PENDING
            http.sent.single().body shouldBe mapOf("expires_in" to JsonPrimitive(3_601))
        }

        test("who was faster is told") {
            val http = ScriptedHttp()
            http.on(Step.DECISION, { problem(409, "already_decided", mapOf("approval" to document("denied"))) })
            http.approvers().use { approvers ->
                shouldThrow<AlreadyDecidedException> { approvers.approve(ID) }.approval!!.status shouldBe ApprovalStatus.DENIED
            }
        }

        listOf("self_approval", "not_in_group", "forbidden").forEach { code ->
            test("a vote that is refused as $code is not sent again") {
                val http = ScriptedHttp().apply { on(Step.DECISION, { problem(403, code) }) }
                http.approvers().use { approvers ->
                    shouldThrow<SesameAuthException> { approvers.approve(ID) }.code shouldBe code
                }
                http.sent shouldHaveSize 1
            }
        }

        test("a vote without an answer is sent again, the same") {
            val http = ScriptedHttp().apply { on(Step.DECISION, { Reply("", 503) }, { Reply(document()) }) }
            http.approvers().use { it.approve(ID) }
            http.sent.map { it.body } shouldHaveSize 2
            http.sent.map { it.body }.toSet() shouldHaveSize 1
        }

        test("what this person may decide comes from the inbox") {
            val http = ScriptedHttp().apply { on(Step.INBOX, { Reply("""{"approvals":[${document("pending")}]}""") }) }
            http.approvers().use { it.pending().toList().map { approval -> approval.id } } shouldBe listOf(ID)
            http.sent.single().query["status"] shouldBe "pending"
        }
    })
