package dev.sesame.broker.delivery

import dev.sesame.Answer
import dev.sesame.ExecutionState
import dev.sesame.WebhookEvent
import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Requester
import dev.sesame.broker.access.Role
import dev.sesame.broker.store.after
import dev.sesame.broker.store.opening
import dev.sesame.broker.store.question
import dev.sesame.broker.store.start
import dev.sesame.broker.store.vote
import dev.sesame.internal.CanonicalJson
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command
import dev.sesame.rules.webhookBody
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import java.time.Duration

class WebhookBodyTest :
    FunSpec({
        val requester = Requester("rq_1", "billing", null, start)
        val ada = Approver("pe_1", "Ada", Role.APPROVER, "hash", "four", start)
        val asked = opening(question(requester, dedupKey = "A-1001")).after

        fun body(record: ApprovalRecord): JsonObject = Json.parseToJsonElement(String(webhookBody(record))).jsonObject

        fun decided(command: Command) = asked.after(command, start.plusSeconds(if (command == Command.Expire) 4_000 else 1)).after

        test("it has every field of the contract, also where there is nothing to say") {
            val body = body(decided(vote(ada)))
            body.keys.toList() shouldBe listOf(
                "type", "approval_id", "action", "status", "decided_at", "requester_label", "dedup_key", "mode", "decided_by", "note",
                "context", "effective_context", "edited", "request_hash", "context_hash",
            )
            body["type"] shouldBe JsonPrimitive("approval.approved")
            body["decided_at"] shouldBe JsonPrimitive("2026-11-20T12:00:01Z")
            body["decided_by"] shouldBe JsonObject(mapOf("id" to JsonPrimitive("pe_1"), "name" to JsonPrimitive("Ada")))
            body["note"] shouldBe JsonNull
            body["edited"] shouldBe JsonPrimitive(false)
        }

        test("an edit is told beside what was asked, each with its hash") {
            val open = opening(question(requester).copy(editable = listOf("order"))).after
            val edited = JsonObject(mapOf("order" to JsonPrimitive("A-1002")))
            val record = open.after(vote(ada).copy(context = edited)).after
            val event = WebhookEvent.parseUnverified(webhookBody(record))
            event.edited shouldBe true
            event.context shouldBe open.question.context
            event.effectiveContext shouldBe edited
            event.edits.map { "${it.field}: ${it.before} -> ${it.after}" } shouldBe listOf("order: \"A-1001\" -> \"A-1002\"")
            event.requestHash shouldBe open.question.requestHash
            event.contextHash shouldBe CanonicalJson.requestHash("payments.refund", edited)
        }

        test("each end has its type, and where nobody decided, nobody is named") {
            mapOf(
                vote(ada) to "approved",
                vote(ada, Answer.DENY).copy(note = "not on a Friday") to "denied",
                Command.Expire to "expired",
                Command.Cancel to "cancelled",
            ).forEach { (command, status) ->
                val event = WebhookEvent.parseUnverified(webhookBody(decided(command)))
                event.type shouldBe "approval.$status"
                event.status.value shouldBe status
                event.requesterLabel shouldBe "billing"
                event.dedupKey shouldBe "A-1001"
                if (command is Command.CastVote) event.decidedBy?.id shouldBe "pe_1" else event.decidedBy.shouldBeNull()
                event.note shouldBe (command as? Command.CastVote)?.note
            }
        }

        test("an edit shows in the effective context and its hash, beside what was asked") {
            val approved = decided(vote(ada))
            val edit = JsonObject(mapOf("order" to JsonPrimitive("A-1002")))
            val decision = dev.sesame.Decision(approved.status, approved.progress.decision!!.by, "api", null, edit)
            val hash = CanonicalJson.requestHash(asked.question.action, edit)
            val event = WebhookEvent.parseUnverified(
                webhookBody(approved.copy(progress = approved.progress.copy(decision = decision, contextHash = hash))),
            )
            event.context shouldBe asked.question.context
            event.effectiveContext shouldBe edit
            event.edited shouldBe true
            event.contextHash shouldBe hash
            event.requestHash shouldBe asked.question.requestHash
        }

        test("what happens after the decision changes no byte of it") {
            val approved = decided(vote(ada))
            val before = webhookBody(approved).toList()
            val claimed = approved.after(Command.TakeClaim("c".repeat(22), Duration.ofSeconds(60), approved.contextHash)).after
            webhookBody(claimed).toList() shouldBe before
            webhookBody(claimed.after(Command.Report(1, ExecutionState.SUCCEEDED)).after).toList() shouldBe before
        }
    })
