package dev.sesame.internal

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.ranges.shouldBeIn
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.long
import io.kotest.property.checkAll
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Draws as high as a random number may be. */
private val highest = object : Random() {
    override fun nextBits(bitCount: Int): Int = -1 ushr (32 - bitCount)
}

class BackoffTest :
    FunSpec({
        test("the bound doubles from 0.25 s to 8 s, and stays there") {
            val bounds = listOf(250, 500, 1000, 2000, 4000, 8000, 8000, 8000, 8000)
            bounds.forEachIndexed { index, bound ->
                val delay = Backoff(highest).delay(index + 1, null)
                delay shouldBeIn (bound - 1).milliseconds..bound.milliseconds
            }
        }

        test("every delay is between nothing and the bound, after however many failures") {
            checkAll(Arb.int(1..Int.MAX_VALUE), Arb.long()) { failures, seed ->
                val bound = if (failures > 5) 8.seconds else 250.milliseconds * (1 shl (failures - 1))
                Backoff(Random(seed)).delay(failures, null) shouldBeIn Duration.ZERO..bound
            }
        }

        test("about so long is from half of it to one and a half, and never the same for all") {
            val drawn = List(200) { Backoff(Random(it)).about(1.seconds) }
            drawn.forEach { it shouldBeIn 0.5.seconds..1.5.seconds }
            (drawn.max() - drawn.min()).inWholeMilliseconds shouldBeGreaterThan 800
        }

        test("the jitter is full: short and long delays come up alike") {
            val backoff = Backoff(Random(1))
            val delays = List(4000) { backoff.delay(6, null) }
            (0..3).forEach { quarter ->
                delays.count { it >= 2.seconds * quarter && it < 2.seconds * (quarter + 1) }.toLong() shouldBeGreaterThan 900
            }
        }

        test("what the broker asked for is waited at least, and spread a little") {
            checkAll(Arb.int(1..20), Arb.long(), Arb.int(0..60)) { failures, seed, asked ->
                Backoff(Random(seed)).delay(failures, asked.seconds) shouldBeIn asked.seconds..(asked.seconds + 250.milliseconds)
            }
        }

        test("two clients don't wait alike") {
            Backoff(Random(1)).delay(6, null) shouldBeLessThan 8.seconds
            (Backoff(Random(1)).delay(6, null) == Backoff(Random(2)).delay(6, null)) shouldBe false
        }
    })
