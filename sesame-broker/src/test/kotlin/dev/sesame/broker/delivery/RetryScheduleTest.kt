package dev.sesame.broker.delivery

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeGreaterThanOrEqualTo
import io.kotest.matchers.comparables.shouldBeLessThanOrEqualTo
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.long
import io.kotest.property.checkAll
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.DurationUnit

class RetryScheduleTest :
    FunSpec({
        val steps = listOf(5.seconds, 5.minutes, 30.minutes, 2.hours, 5.hours, 10.hours, 14.hours, 20.hours, 24.hours)

        test("each wait lies within a fifth of its step, whatever the chance, and spreads over all of it") {
            checkAll(300, Arb.int(1..9), Arb.long()) { failed, seed ->
                val wait = RetrySchedule(Random(seed)).nextAfter(failed, null).shouldNotBeNull()
                wait shouldBeGreaterThanOrEqualTo steps[failed - 1] * 0.8
                wait shouldBeLessThanOrEqualTo steps[failed - 1] * 1.2
            }
            val schedule = RetrySchedule(Random(1))
            val waits = List(2_000) { schedule.nextAfter(3, null)!!.toDouble(DurationUnit.MINUTES) }
            waits.average() shouldBe (30.0 plusOrMinus 0.5)
            waits.min() shouldBe (24.0 plusOrMinus 0.2)
            waits.max() shouldBe (36.0 plusOrMinus 0.2)
        }

        test("after the tenth failure there is no more, whatever the receiver asks for") {
            val schedule = RetrySchedule(Random(1))
            (1..9).forEach { schedule.nextAfter(it, null).shouldNotBeNull() }
            listOf(10, 11, Int.MAX_VALUE).forEach {
                schedule.nextAfter(it, null).shouldBeNull()
                schedule.nextAfter(it, 1.seconds).shouldBeNull()
            }
            listOf(0, -1).forEach { shouldThrow<IllegalArgumentException> { schedule.nextAfter(it, null) } }
        }

        test("what a receiver asks for is kept to: not sooner, nor much later, within the bounds") {
            checkAll(1_000, Arb.int(1..9), Arb.long(0L..400L * 86_400_000), Arb.long()) { failed, millis, seed ->
                val asked = millis.milliseconds
                val wait = RetrySchedule(Random(seed)).nextAfter(failed, asked).shouldNotBeNull()
                val soonest = steps[failed - 1] * 0.8
                wait shouldBeGreaterThanOrEqualTo minOf(maxOf(asked, soonest), 24.hours)
                wait shouldBeLessThanOrEqualTo minOf(maxOf(asked * 1.2, soonest), 24.hours)
            }
        }

        test("nobody draws attempts to itself, nor puts them off for good") {
            val schedule = RetrySchedule(Random(1))
            schedule.nextAfter(5, Duration.ZERO) shouldBe 4.hours
            schedule.nextAfter(1, 1.seconds) shouldBe 4.seconds
            schedule.nextAfter(1, 365.days) shouldBe 24.hours
            schedule.nextAfter(9, Duration.INFINITE) shouldBe 24.hours
        }

        test("those that failed together, with one Retry-After, don't come back together") {
            val schedule = RetrySchedule(Random(1))
            List(100) { schedule.nextAfter(1, 1.hours) }.toSet().size shouldBe 100
        }
    })
