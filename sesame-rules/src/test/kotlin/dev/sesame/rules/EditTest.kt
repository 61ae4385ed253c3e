package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.internal.CanonicalJson
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject

private fun json(text: String): JsonObject = Json.parseToJsonElement(text).jsonObject

private val context = json("""{"amount": 20, "currency": "EUR", "to": {"iban": "DE00"}, "urgent": false, "memo": null}""")

private fun asked(required: Int = 1, vararg editable: String) = pending(
    refund.copy(
        context = context,
        requestHash = CanonicalJson.requestHash(refund.action, context),
        editable = editable.toList(),
        approvalsRequired = required,
    ),
)

private val open = asked(1, "amount", "to", "urgent", "memo")

private fun with(fields: String) = JsonObject(context + json(fields))

private fun ApprovalRecord.edited(to: JsonObject) = ApprovalRules.judge(this, edit(bob, to), noon)

private fun Ruling.refused() = shouldBeInstanceOf<Ruling.Refused>().let { it.refusal to it.fields.map { field -> field.field } }

class EditTest :
    FunSpec({
        test("what was approved is the edited context, with its own hash; what was asked stays beside it") {
            val record = open.edited(with("""{"amount": 15}""")).transition?.after.shouldNotBeNull()
            record.status shouldBe ApprovalStatus.APPROVED
            record.contextHash shouldBe CanonicalJson.requestHash(refund.action, with("""{"amount": 15}"""))
            val told = record.toApproval("https://sesame.example", noon)
            told.context shouldBe context
            told.requestHash shouldBe open.question.requestHash
            told.effectiveContext shouldBe with("""{"amount": 15}""")
            told.edits.map { Triple(it.field, "${it.before}", "${it.after}") } shouldContainExactly listOf(Triple("amount", "20", "15"))
        }

        test("a claim names what was approved; the hash of what was asked runs nothing") {
            val record = open.edited(with("""{"amount": 15}""")).transition?.after.shouldNotBeNull()
            val old = Command.TakeClaim(HOLDER, lease, open.question.requestHash)
            ApprovalRules.judge(record, old, noon) shouldBe Ruling.Refused(Refusal.CONTEXT_MISMATCH)
            val effective = Command.TakeClaim(HOLDER, lease, record.contextHash)
            ApprovalRules.judge(record, effective, noon).transition?.event shouldBe Event.CLAIMED
        }

        test("the same context, in other words too, is no edit, whatever is asked for") {
            listOf(context, with("""{"amount": 20.0}""")).forEach { same ->
                val record = asked().edited(same).transition?.after.shouldNotBeNull()
                record.progress.decision?.editedContext.shouldBeNull()
                record.contextHash shouldBe open.question.requestHash
            }
            asked(2).edited(context).transition?.event shouldBe Event.VOTED
        }

        test("a field that isn't editable is refused by its name, and nothing changes") {
            open.edited(with("""{"amount": 15, "currency": "USD"}""")).refused() shouldBe
                (Refusal.NOT_EDITABLE to listOf("context.currency"))
            asked().edited(with("""{"amount": 15}""")).refused() shouldBe (Refusal.NOT_EDITABLE to listOf("context.amount"))
        }

        test("a field inside an editable one may differ, a field more or less may not") {
            open.edited(with("""{"to": {"iban": "DE99"}}""")).transition?.event shouldBe Event.APPROVED
            open.edited(with("""{"more": 1}""")).refused() shouldBe (Refusal.NOT_EDITABLE to listOf("context.more"))
            open.edited(JsonObject(context - "amount")).refused() shouldBe (Refusal.NOT_EDITABLE to listOf("context.amount"))
        }

        test("a value keeps its kind, so that the block can read it; what was null may become anything") {
            listOf(
                """{"amount": "15"}""" to "amount",
                """{"amount": null}""" to "amount",
                """{"urgent": 1}""" to "urgent",
                """{"to": []}""" to "to",
            )
                .forEach { (change, field) -> open.edited(with(change)).refused() shouldBe (Refusal.INVALID to listOf("context.$field")) }
            open.edited(with("""{"memo": "paid twice"}""")).transition?.event shouldBe Event.APPROVED
        }

        test("where several must approve, nobody edits: they would have approved different things") {
            asked(2, "amount").edited(with("""{"amount": 15}""")).refused() shouldBe (Refusal.NOT_EDITABLE to listOf("context"))
        }

        test("an edit at the expiry comes too late, and is in no way kept") {
            val ruling = ApprovalRules.judge(open, edit(bob, with("""{"amount": 15}""")), open.question.expiresAt)
            Outcome.of(ruling) shouldBe Outcome(Event.EXPIRED, Refusal.ALREADY_DECIDED)
            val after = ruling.transition?.after.shouldNotBeNull()
            after.contextHash shouldBe open.question.requestHash
            after.progress.decision?.editedContext.shouldBeNull()
        }

        test("a body's context goes with an approval only, within the limits of any context") {
            fun read(body: String) = readVote(json(body))
            read("""{"decision": "approve", "context": {"a": 1}}""").context shouldBe json("""{"a": 1}""")
            read("""{"decision": "deny", "context": null}""").context.shouldBeNull()
            listOf(
                """{"decision": "deny", "context": {}}""",
                """{"decision": "approve", "context": 7}""",
                """{"decision": "approve", "context": {"a": "${"x".repeat(65_536)}"}}""",
                """{"decision": "approve", "context": {"a": ${"[".repeat(32)}${"]".repeat(32)}}}""",
            ).forEach { body -> shouldThrow<Problem> { read(body) }.fields.map { it.field } shouldBe listOf("context") }
        }

        test("an edit shows no value where it is written to a log") {
            "${edit(bob, with("""{"amount": 15}"""))}" shouldNotContain "15"
            val record = open.edited(with("""{"amount": 15}""")).transition?.after.shouldNotBeNull()
            "${record.toApproval("https://sesame.example", noon).edits}" shouldBe "[Edit(amount)]"
        }

        test("without editable fields, an approval is one without edits") {
            ApprovalRules.judge(asked(), vote(bob, Answer.APPROVE), noon).transition?.after
                ?.toApproval("https://sesame.example", noon)?.edits.orEmpty().shouldBeEmpty()
        }
    })
