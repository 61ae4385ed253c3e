package dev.sesame.rules

import dev.sesame.Answer
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import java.time.Duration

private val asked = pending(refund)

private fun Ruling.after() = transition?.after.shouldNotBeNull()

class ExtendTest :
    FunSpec({
        test("it stays open until the new expiry, and ends there") {
            val later = ApprovalRules.judge(asked, extend(bob, Duration.ofHours(2)), noon).after()
            later.isOpenAt(refund.expiresAt) shouldBe true
            ApprovalRules.judge(later, vote(ann, Answer.APPROVE), refund.expiresAt).transition?.event shouldBe Event.APPROVED
            val end = noon + Duration.ofHours(2)
            Outcome.of(ApprovalRules.judge(later, vote(ann, Answer.APPROVE), end)) shouldBe Outcome(Event.EXPIRED, Refusal.ALREADY_DECIDED)
            later.toApproval("https://sesame.example", noon).expiresAt shouldBe end
        }

        test("who put it off, and from when to when, is kept") {
            val later = ApprovalRules.judge(asked, extend(bob, Duration.ofHours(2)), noon).after()
            val twice = ApprovalRules.judge(later, extend(ann, Duration.ofHours(3)), noon.plusSeconds(1)).after()
            twice.progress.extensions shouldBe listOf(
                Extension(bob, noon, refund.expiresAt, noon + Duration.ofHours(2)),
                Extension(ann, noon.plusSeconds(1), noon + Duration.ofHours(2), noon + Duration.ofHours(3)),
            )
        }

        test("the present expiry again changes nothing") {
            ApprovalRules.judge(asked, extend(bob, Duration.ofHours(1)), noon) shouldBe Ruling.Granted(null)
        }

        test("the bound counts from the asking, to the instant") {
            val bound = Duration.ofHours(23) // asked an hour before noon
            ApprovalRules.judge(asked, extend(bob, bound), noon).transition?.event shouldBe Event.EXTENDED
            val over = ApprovalRules.judge(asked, extend(bob, bound + Duration.ofMillis(1)), noon)
            over.shouldBeInstanceOf<Ruling.Refused>().fields.map { it.field } shouldBe listOf("expires_in")
        }

        test("a policy's rule may set an earlier bound, and is named") {
            val ruled = pending(refund.copy(rule = "money", latestExpiry = noon + Duration.ofHours(3)))
            ApprovalRules.judge(ruled, extend(bob, Duration.ofHours(3)), noon).transition?.event shouldBe Event.EXTENDED
            val over = ApprovalRules.judge(ruled, extend(bob, Duration.ofHours(3).plusMillis(1)), noon).shouldBeInstanceOf<Ruling.Refused>()
            over.fields.single().message shouldBe "may lead to 2026-11-20T15:00:00Z at most, by the rule \"money\""
            val later = pending(refund.copy(rule = "money", latestExpiry = noon + Duration.ofDays(9)))
            val bound = ApprovalRules.judge(later, extend(bob, Duration.ofDays(2)), noon).shouldBeInstanceOf<Ruling.Refused>()
            bound.fields.single().message shouldBe "may lead to 2026-11-21T11:00:00Z at most"
        }

        test("no bound of a broker's own lets it go beyond the contract's 30 days") {
            fun to(days: Long) = Command.Extend(bob, refund.createdAt + Duration.ofDays(days), Duration.ofDays(99), asker = null, staff)
            ApprovalRules.judge(asked, to(30), noon).transition?.event shouldBe Event.EXTENDED
            ApprovalRules.judge(asked, to(31), noon).shouldBeInstanceOf<Ruling.Refused>().refusal shouldBe Refusal.INVALID
        }

        test("twenty times, and no more") {
            val often = (1..20L).fold(asked) { record, n ->
                ApprovalRules.judge(record, extend(bob, Duration.ofHours(1).plusSeconds(n)), noon).after()
            }
            ApprovalRules.judge(often, extend(bob, Duration.ofHours(2)), noon).shouldBeInstanceOf<Ruling.Refused>().refusal shouldBe
                Refusal.INVALID
        }

        test("who stands behind the requester, or isn't asked, extends only as an admin") {
            val grouped = State.GROUPED.record
            listOf(asked to Refusal.SELF_APPROVAL, grouped to Refusal.SELF_APPROVAL).forEach { (record, refusal) ->
                ApprovalRules.judge(record, extend(olga, Duration.ofHours(2)), noon) shouldBe Ruling.Refused(refusal)
            }
            ApprovalRules.judge(grouped, extend(dora, Duration.ofHours(2)), noon) shouldBe Ruling.Refused(Refusal.NOT_IN_GROUP)
            ApprovalRules.judge(grouped, extend(dora, Duration.ofHours(2), isAdmin = true), noon).transition?.event shouldBe Event.EXTENDED
        }

        test("the body says how long people have from now on, and nothing else") {
            fun read(body: String) = readExtend(Json.parseToJsonElement(body).jsonObject)
            read("""{"expires_in": 7200}""") shouldBe Duration.ofHours(2)
            mapOf(
                "{}" to "expires_in",
                """{"expires_in": null}""" to "expires_in",
                """{"expires_in": 9}""" to "expires_in",
                """{"expires_in": 2592001}""" to "expires_in",
                """{"expires_in": 60, "note": "x"}""" to "note",
            ).forEach { (body, field) -> shouldThrow<Problem> { read(body) }.fields.map { it.field } shouldBe listOf(field) }
        }
    })
