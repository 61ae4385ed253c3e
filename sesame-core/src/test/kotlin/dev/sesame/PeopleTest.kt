package dev.sesame

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.add
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject

private val request = ApprovalRequest(
    ACTION,
    context = refundContext,
    editable = listOf("amount"),
    approvalsRequired = 2,
    groups = listOf("finance", "security"),
    approvalsPerGroup = mapOf("finance" to 1),
)

private fun JsonObjectBuilder.asAsked(required: Int = 2, vararg groups: String = arrayOf("finance", "security"), ofFinance: Int = 1) {
    put("approvals_required", required)
    putJsonArray("groups") { groups.forEach { add(it) } }
    putJsonObject("approvals_per_group") { put("finance", ofFinance) }
}

private fun told(edited: JsonObject? = null, change: JsonObjectBuilder.() -> Unit) = ScriptedHttp().apply {
    on(Step.OPEN, { Reply(document("pending", change = change), 201) })
    on(Step.WAIT, { Reply(document(edited = edited, change = change)) })
    on(Step.CLAIM, { grant(document(edited = edited, change = change)) })
}

class PeopleTest :
    FunSpec({
        test("who must approve, and what they may change, is sent") {
            val http = told { asAsked() }
            http.sesame().use { it.approve(request) { "ran" } } shouldBe "ran"
            val body = http.sentTo(Step.OPEN).single().body
            "${body["editable"]} ${body["approvals_required"]} ${body["groups"]} ${body["approvals_per_group"]}" shouldBe
                """["amount"] 2 ["finance","security"] {"finance":1}"""
        }

        test("what isn't asked for isn't sent: a broker that doesn't know it is none the worse") {
            val http = ScriptedHttp()
            http.sesame().use { it.approve(ACTION, context = refundContext) { } }
            val sent = http.sentTo(Step.OPEN).single().body.keys
            sent.intersect(setOf("editable", "approvals_required", "groups", "approvals_per_group")).shouldBeEmpty()
        }

        mapOf<String, JsonObjectBuilder.() -> Unit>(
            "fewer approvals" to { asAsked(required = 1) },
            "a group that wasn't named" to { asAsked(2, "finance", "security", "board") },
            "another group instead" to { asAsked(2, "board") },
            "everybody" to { asAsked(2, groups = emptyArray()) },
            "nothing for the group" to { asAsked(ofFinance = 0) },
            "nothing of it all" to {},
        ).forEach { (name, document) ->
            test("a broker that answers with $name is not waited for, and nothing runs") {
                val http = told(change = document)
                http.sesame().use { shouldThrow<ProtocolException> { it.approve(request) { error("never") } } }
                http.sentTo(Step.CLAIM) shouldHaveSize 0
            }
        }

        mapOf<String, JsonObjectBuilder.() -> Unit>(
            "more approvals" to { asAsked(3) },
            "some of the groups" to { asAsked(2, "finance") },
            "more of a group" to { asAsked(3, ofFinance = 2) },
        ).forEach { (name, document) ->
            test("a broker that answers with $name is believed: a policy may ask for more") {
                told(change = document).sesame().use { it.approve(request) { "ran" } } shouldBe "ran"
            }
        }

        test("where no group was named, a policy may name some, and more of them when it escalates") {
            val http = told { }
            http.on(Step.OPEN, { Reply(document("pending") { asAsked(2, "finance") }, 201) })
            http.on(Step.WAIT, { Reply(document { asAsked(2, "finance", "board") }) })
            http.on(Step.CLAIM, { grant(document { asAsked(2, "finance", "board") }) })
            http.sesame().use { it.approve(ACTION, context = refundContext) { "ran" } } shouldBe "ran"
        }

        test("groups that were only given a number are named by it: nobody else is asked") {
            val each = ApprovalRequest(ACTION, context = refundContext, approvalsPerGroup = mapOf("finance" to 1))
            told { asAsked(1, "finance") }.sesame().use { it.approve(each) { "ran" } } shouldBe "ran"
            told { asAsked(1, "finance", "board") }.sesame().use { shouldThrow<ProtocolException> { it.approve(each) { error("never") } } }
        }

        test("what was asked elsewhere escalates to those that its document announces, and to nobody else") {
            fun announced(vararg groups: String): JsonObjectBuilder.() -> Unit = {
                asAsked(2, *groups)
                putJsonObject("escalation") {
                    put("at", "2026-11-20T12:00:00Z")
                    putJsonArray("groups") { add("board") }
                }
            }
            suspend fun attached(vararg later: String): String {
                val http = told(change = announced(*later))
                http.on(Step.READ, { Reply(document("pending", change = announced("finance"))) })
                return http.sesame().use { it.attach(ID).run { "ran" } }
            }
            attached("finance", "board") shouldBe "ran"
            shouldThrow<ProtocolException> { attached("finance", "security") }
        }

        test("the block gets what was edited, the claim names it, and the edits can be told") {
            val http = told(edited = editedContext) { asAsked() }
            http.sesame().use { sesame ->
                sesame.approve(request) { approval ->
                    approval.effectiveContext shouldBe editedContext
                    approval.context shouldBe refundContext
                    approval.edits.map { "${it.field}: ${it.before} -> ${it.after}" } shouldBe listOf("amount: 4200 -> 2100")
                }
            }
            http.sentTo(Step.CLAIM).single().body["context_hash"] shouldBe
                document(edited = editedContext).getValue("context_hash")
        }

        test("an edit of anything else than what was left open runs nothing") {
            val foreign = JsonObject(editedContext + ("customer" to JsonPrimitive("cus_2")))
            val http = told(edited = foreign) { asAsked() }
            http.sesame().use { shouldThrow<ProtocolException> { it.approve(request) { error("never") } } }
            http.sentTo(Step.CLAIM) shouldHaveSize 0
        }

        test("of what was asked elsewhere, the document says what could be edited") {
            val http = ScriptedHttp()
            val unlocked = document(edited = editedContext) { putJsonArray("editable") { } }
            http.on(Step.READ, { Reply(unlocked) })
            http.sesame().use { shouldThrow<ProtocolException> { it.attach(ID) } }
        }
    })
