package dev.sesame.broker.policy.yaml

import dev.sesame.broker.notice.push.PushChannel
import dev.sesame.broker.notice.telegram.TelegramChannel
import dev.sesame.broker.policy.Effect
import dev.sesame.broker.policy.PolicyBook
import dev.sesame.broker.policy.facts
import dev.sesame.rules.ActionPattern
import dev.sesame.rules.ApprovalTerms
import dev.sesame.rules.EscalationTerms
import dev.sesame.rules.PolicyEffect
import dev.sesame.rules.Redaction
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import java.time.Duration

class PolicyTextTest :
    FunSpec({
        fun parse(text: String) = PolicyText.parse(text.trimIndent().toByteArray())

        test("everything that a rule may say is read") {
            val policy = parse(
                """
                # What needs nobody, and what never happens.
                version: 1
                rules:
                  - name: small refunds
                    action: payments.refund
                    requester: [shop, billing]
                    when: context.amount < 50
                    effect: permit
                    reason: Under 50 EUR nobody has to look.
                  - name: "prod"
                    action: [deploy.*, "*"]
                    effect: require_approval
                    approvals_required: 2
                    expires_in: 7200
                """,
            )
            policy.rules.map { it.name } shouldContainExactly listOf("small refunds", "prod")
            val (small, prod) = policy.rules
            small.requesters shouldBe setOf("shop", "billing")
            small.effect shouldBe Effect.Permit
            small.reason shouldBe "Under 50 EUR nobody has to look."
            small.condition.shouldNotBeNull()
            prod.actions shouldBe listOf("deploy.*", "*").map(ActionPattern::of)
            prod.condition.shouldBeNull()
            prod.effect shouldBe Effect.RequireApproval(ApprovalTerms(approvalsRequired = 2, expiresIn = Duration.ofHours(2)))
        }

        test("what a rule hides is a path, of what leaves the broker or of the channels that it names; with any effect") {
            val policy = parse(
                """
                version: 1
                rules:
                  - name: quiet
                    action: payments.refund
                    effect: deny
                    redact:
                      - note
                      - field: customer.iban
                        channels: [stored, inbox]
                """,
            )
            policy.rules.single().redactions shouldContainExactly
                listOf(Redaction("note", listOf("telegram", "push", "webhook")), Redaction("customer.iban", listOf("inbox", "stored")))
            PolicyBook(policy).judge(facts()).redactions shouldBe policy.rules.single().redactions
        }

        test("where a condition fails, what either rule hides is hidden") {
            val policy = parse(
                """
                version: 1
                rules:
                  - {name: one, action: payments.refund, when: context.nothing == 1, effect: permit, redact: [x]}
                  - {name: two, action: payments.refund, effect: deny, redact: [x, y]}
                  - {name: three, action: payments.refund, effect: deny, redact: [z]}
                """,
            )
            PolicyBook(policy).judge(facts()).redactions.map { it.field } shouldContainExactly listOf("x", "y")
        }

        test("a condition over several lines is one condition") {
            val policy = parse(
                """
                version: 1
                rules:
                  - name: small
                    action: "*"
                    when: >-
                      context.amount < 50 &&
                      requester == "shop"
                    effect: permit
                """,
            )
            PolicyBook(policy).judge(facts("""{"amount": 49}""")).effect shouldBe PolicyEffect.PERMIT
            PolicyBook(policy).judge(facts("""{"amount": 50}""")).effect shouldBe PolicyEffect.REQUIRE_APPROVAL
        }

        test("a policy without rules asks people about everything") {
            parse("version: 1\nrules: []").rules shouldBe emptyList()
        }

        test("500 rules fit, in less than 256 KB") {
            val rules = (1..500).joinToString("\n") { "  - {name: r$it, action: a.b, effect: deny, when: \"context.n == $it\"}" }
            parse("version: 1\nrules:\n$rules").rules.size shouldBe 500
        }

        fun termsOf(vararg lines: String): ApprovalTerms {
            val text = "version: 1\nrules:\n  - name: both\n    action: deploy.*\n    effect: require_approval\n"
            return (parse(text + lines.joinToString("\n") { "    $it" }).rules.single().effect as Effect.RequireApproval).terms
        }

        test("all terms are read") {
            termsOf(
                "groups: [engineering, security]",
                "approvals_per_group: {engineering: 1, security: 2}",
                "allow_self: true",
                "expires_in: 7200",
                "channels: [telegram]",
                "reminders: [60, 3600]",
                "escalation: {after: 1800, groups: [board]}",
            ) shouldBe ApprovalTerms(
                3,
                setOf("engineering", "security"),
                mapOf("engineering" to 1, "security" to 2),
                allowSelf = true,
                Duration.ofHours(2),
                setOf("telegram"),
                listOf(Duration.ofMinutes(1), Duration.ofHours(1)),
                EscalationTerms(Duration.ofMinutes(30), setOf("board")),
            )
        }

        test("what isn't said stays as the caller asks; an empty list is something that is said") {
            termsOf() shouldBe ApprovalTerms()
            termsOf("channels: []", "reminders: []", "allow_self: false") shouldBe
                ApprovalTerms(channels = emptySet(), reminders = emptyList(), allowSelf = false)
            termsOf("channels: push").channels shouldBe setOf("push")
        }

        test("it knows the channels that the broker has, on or off") {
            CHANNELS shouldContainExactlyInAnyOrder listOf(TelegramChannel.NAME, PushChannel.NAME)
        }
    })
