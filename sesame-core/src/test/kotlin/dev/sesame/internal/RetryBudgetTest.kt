package dev.sesame.internal

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeGreaterThanOrEqualTo
import io.kotest.matchers.comparables.shouldBeLessThanOrEqualTo
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TestTimeSource

class RetryBudgetTest :
    FunSpec({
        val time = TestTimeSource()

        test("after an outage, ten thousand waits don't come back in one moment") {
            val budget = RetryBudget(time)
            val turns = List(10_000) { budget.take() }
            turns.groupingBy { it.inWholeSeconds }.eachCount().values.forEach { it shouldBeLessThanOrEqual 251 }
            turns.max() shouldBeGreaterThanOrEqualTo 39.seconds
            turns.max() shouldBeLessThanOrEqualTo 41.seconds
        }

        test("the turns are in the order in which they were asked for") {
            val budget = RetryBudget(time)
            val turns = List(1_000) { budget.take() }
            turns shouldBe turns.sorted()
        }

        test("after a quiet time a burst passes at once, and no larger one") {
            val budget = RetryBudget(time)
            time += 1.hours
            List(500) { budget.take() }.max() shouldBe Duration.ZERO
            budget.take() shouldBe 4.milliseconds
        }

        test("what is spread over time never waits") {
            val budget = RetryBudget(time)
            budget.take()
            repeat(1_000) {
                time += 4.milliseconds
                budget.take() shouldBeLessThanOrEqualTo 4.milliseconds
            }
        }
    })
