package dev.sesame.rules

import dev.sesame.ApprovalStatus
import dev.sesame.Decision
import dev.sesame.WebhookEvent
import dev.sesame.internal.CanonicalJson
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject

private fun json(text: String): JsonObject = Json.parseToJsonElement(text).jsonObject

private val payout = json(
    """{"amount": 20, "customer": {"name": "ana", "iban": "DE00"},
        "items": [{"sku": "a", "cost": 3}, {"sku": "b", "cost": 4}], "note": "n"}""",
)

private fun hiding(vararg redactions: Redaction, editable: List<String> = emptyList()): ApprovalRecord = pending(
    refund.copy(
        context = payout,
        requestHash = CanonicalJson.requestHash(refund.action, payout),
        editable = editable,
        redactions = redactions.toList(),
    ),
)

private fun inbox(vararg fields: String) = fields.map { Redaction(it, listOf(Redaction.INBOX)) }.toTypedArray()

class RedactionTest :
    FunSpec({
        test("a path goes through objects and all items of lists; what isn't there stays so, and nothing else changes") {
            payout.redacted(listOf("customer.iban", "items.cost", "customer.age", "amount.x", "none")) shouldBe json(
                """{"amount": 20, "customer": {"name": "ana", "iban": "[redacted]"},
                    "items": [{"sku": "a", "cost": "[redacted]"}, {"sku": "b", "cost": "[redacted]"}], "note": "n"}""",
            )
            payout.redacted(listOf("customer", "customer.iban", "items"))["customer"] shouldBeSameInstanceAs REDACTED
            json("""{"a": [[{"b": 1}]], "c": null}""").redacted(listOf("a.b", "c")) shouldBe
                json("""{"a": [[{"b": "[redacted]"}]], "c": "[redacted]"}""")
        }

        test("what is no path is told") {
            listOf("a", "a.b", "a.b.c.d.e.f.g.h", "é x").filter { pathProblem(it) != null }.shouldBeEmpty()
            listOf("", ".", "a.", ".a", "a..b", "a.b.c.d.e.f.g.h.i", "a" + "b".repeat(200), "a\u0000")
                .filter { pathProblem(it) == null }.shouldBeEmpty()
        }

        test("each channel is told what it may know, and the requester all of it; every hash is that of the whole") {
            val record = hiding(
                Redaction("customer.iban", listOf(Redaction.WEBHOOK, Redaction.INBOX)),
                Redaction("note", Redaction.OUTWARD),
                Redaction("absent", Redaction.CHANNELS),
            )
            record.redactedIn(Redaction.WEBHOOK) shouldContainExactly listOf("customer.iban", "note")
            record.redactedIn(Redaction.INBOX) shouldContainExactly listOf("customer.iban")
            record.redactedIn(Redaction.TELEGRAM) shouldContainExactly listOf("note")
            record.toApproval("u", noon).run { context to redacted } shouldBe (payout to emptyList())
            val seen = record.toApproval("u", noon, Redaction.INBOX)
            seen.context shouldBe payout.redacted(listOf("customer.iban"))
            seen.redacted shouldContainExactly listOf("customer.iban")
            seen.requestHash shouldBe CanonicalJson.requestHash(refund.action, payout)
        }

        test("a webhook says what it leaves out, in both contexts, and can still be read") {
            val record = hiding(Redaction("customer.iban", Redaction.OUTWARD))
            val approved = ApprovalRules.judge(record, vote(bob, dev.sesame.Answer.APPROVE), noon).transition.shouldNotBeNull().after
            val text = String(webhookBody(approved))
            text shouldNotContain "DE00"
            val event = WebhookEvent.parseUnverified(text.toByteArray())
            event.redacted shouldContainExactly listOf("customer.iban")
            event.effectiveContext shouldBe payout.redacted(listOf("customer.iban"))
            event.contextHash shouldBe record.question.requestHash
        }

        test("an approver who sees the marker edits around it: it stands for the value") {
            val record = hiding(*inbox("customer.iban", "items.cost"), editable = listOf("customer", "items", "note"))
            fun edited(text: String) = ApprovalRules.judge(record, edit(bob, json(text)), noon)
            val items = """"items": [{"sku": "a", "cost": "[redacted]"}, {"sku": "b", "cost": "[redacted]"}]"""
            val customer = """"customer": {"name": "bob", "iban": "[redacted]"}"""
            val after = edited("""{"amount": 20, $customer, $items, "note": "n"}""").transition?.after
            after.shouldNotBeNull().progress.decision?.editedContext shouldBe json(
                """{"amount": 20, "customer": {"name": "bob", "iban": "DE00"},
                    "items": [{"sku": "a", "cost": 3}, {"sku": "b", "cost": 4}], "note": "n"}""",
            )
            after.contextHash shouldBe CanonicalJson.requestHash(refund.action, after.progress.decision!!.editedContext!!)
            edited(record.toApproval("u", noon, Redaction.INBOX).context.toString()).transition?.after
                .shouldNotBeNull().progress.decision?.editedContext.shouldBeNull()
        }

        test("what is hidden can't be edited, added, taken away or shifted") {
            val record = hiding(*inbox("customer.iban", "items.cost", "amount", "extra"), editable = listOf("customer", "items", "amount"))
            val seen = payout.redacted(listOf("customer.iban", "items.cost", "amount"))
            fun with(fields: String) = JsonObject(seen + json(fields))
            listOf(
                with("""{"customer": {"name": "ana", "iban": "DE99"}}""") to "customer.iban",
                with("""{"customer": {"name": "ana"}}""") to "customer.iban",
                with("""{"customer": "ana"}""") to "customer.iban",
                with("""{"items": [{"sku": "a", "cost": "[redacted]"}]}""") to "items.cost",
                with("""{"items": [{"sku": "a", "cost": 9}, {"sku": "b", "cost": "[redacted]"}]}""") to "items.cost",
                with("""{"items": [{"sku": "b", "cost": "[redacted]"}, {"sku": "a", "cost": "[redacted]"}]}""") to "items.cost",
                with("""{"items": [{"sku": "c", "cost": "[redacted]"}, {"sku": "b", "cost": "[redacted]"}]}""") to "items.cost",
                with("""{"customer": {"name": "bob", "iban": "DE00"}}""") to "customer.iban", // also who guesses it is told nothing
                with("""{"amount": 21}""") to "amount",
                with("""{"extra": 1}""") to "extra",
                JsonObject(seen - "amount") to "amount",
            ).forEach { (sent, field) ->
                val refused = ApprovalRules.judge(record, edit(bob, sent), noon).shouldBeInstanceOf<Ruling.Refused>()
                refused.refusal shouldBe Refusal.NOT_EDITABLE
                refused.fields.map { it.field } shouldContainExactly listOf("context.$field")
                "${refused.fields}" shouldNotContain "DE00"
            }
            record.toApproval("u", noon, Redaction.INBOX).editable shouldContainExactly listOf("customer", "items")
        }

        test("what is hidden whole has all in it hidden, in whatever order the rule names them") {
            val record = hiding(*inbox("customer.iban", "customer"), editable = listOf("customer", "note"))
            val sent = JsonObject(record.toApproval("u", noon, Redaction.INBOX).context!! + json("""{"note": "m"}"""))
            ApprovalRules.judge(record, edit(bob, sent), noon).transition?.after.shouldNotBeNull()
                .progress.decision?.editedContext shouldBe JsonObject(payout + json("""{"note": "m"}"""))
        }

        test(
            "erased values are gone from both contexts, for everybody; a second erasing adds to the first, the same again changes nothing",
        ) {
            val edit = JsonObject(payout + json("""{"note": "m"}"""))
            val denied = hiding().let {
                it.copy(
                    progress = Progress(
                        ApprovalStatus.DENIED,
                        decision = Decision(ApprovalStatus.DENIED, ann, "api", null, edit),
                        decidedAt = noon,
                    ),
                )
            }
            val once = ApprovalRules.judge(denied, redact("customer.iban"), noon).transition.shouldNotBeNull().after
            val twice = ApprovalRules.judge(once, redact("note", "customer.iban", by = bob.id), noon).transition.shouldNotBeNull().after
            twice.question.erasures shouldContainExactly
                listOf(Erasure(listOf("customer.iban"), noon, ann.id), Erasure(listOf("note"), noon, bob.id))
            twice.question.context shouldBe payout.redacted(listOf("customer.iban", "note"))
            twice.progress.decision?.editedContext shouldBe edit.redacted(listOf("customer.iban", "note"))
            twice.contextHash shouldBe denied.contextHash
            twice.toApproval("u", noon).redacted shouldContainExactly listOf("customer.iban", "note")
            String(webhookBody(twice)) shouldNotContain "DE00"
            ApprovalRules.judge(twice, redact("note"), noon) shouldBe Ruling.Granted(null)
        }

        test("what a rule wants erased is due once nothing can run, until it is done") {
            val stored = listOf("amount", "x").map { Redaction(it, listOf(Redaction.STORED)) }
            fun State.asked() = record.copy(question = record.question.copy(redactions = stored))
            State.entries.filter { it.asked().eraseAt != null }.forEach { state ->
                val due = state.asked().eraseAt!!
                val ruling = ApprovalRules.judge(state.asked(), Command.Redact(state.asked().toErase, by = null), maxOf(due, noon))
                ruling.transition.shouldNotBeNull().after.eraseAt.shouldBeNull()
            }
            State.entries.filter { it.asked().eraseAt == null } shouldContainExactly listOf(
                State.PENDING, State.OVERDUE, State.TEST_YES, State.TEST_NO, State.RUNNING, State.LAPSED, State.UNKNOWN,
                State.VOTED, State.EDITABLE, State.GROUPED, State.ESCALATING, State.ESCALATED,
            )
            State.DENIED.record.toErase.shouldBeEmpty()
        }
    })
