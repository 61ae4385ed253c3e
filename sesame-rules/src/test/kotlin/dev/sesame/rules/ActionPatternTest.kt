package dev.sesame.rules

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe

class ActionPatternTest :
    FunSpec({
        val actions =
            listOf("payments", "payments.", "payments.refund", "payments.refund.eu", "paymentsx.refund", "Payments.refund", "deploy")

        fun meant(pattern: String) = actions.filter { it in ActionPattern.of(pattern) }

        test("a name means the action of that name alone, as it is written") {
            meant("payments.refund") shouldContainExactly listOf("payments.refund")
            meant("payments") shouldContainExactly listOf("payments")
        }

        test("a name with .* means all below it, and not the name itself") {
            meant("payments.*") shouldContainExactly listOf("payments.refund", "payments.refund.eu")
        }

        test("a star means every action") {
            meant("*") shouldBe actions
        }

        test("a star anywhere else is refused, since it would be taken to mean more than it does") {
            listOf("pay*", "*.refund", "payments.*.eu", "**", ".*", "payments.**").forEach { pattern ->
                ActionPattern.problem(pattern) shouldNotBe null
                shouldThrow<IllegalArgumentException> { ActionPattern.of(pattern) }
            }
        }

        test("no pattern is empty, or longer than an action may be") {
            ActionPattern.problem("") shouldNotBe null
            ActionPattern.problem("a".repeat(200)) shouldBe null
            ActionPattern.problem("a".repeat(201)) shouldNotBe null
        }
    })
