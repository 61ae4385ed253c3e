package dev.sesame.hostile

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.util.concurrent.CountDownLatch
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds

class CasesTest :
    FunSpec({
        test("what a case throws comes with the seed that makes the same input again") {
            val failed = shouldThrow<AssertionError> {
                Cases(1_000).each({ it.nextInt(100) }) { number -> check(number != 42) { "it is 42" } }
            }
            failed.message shouldContain "it is 42"
            val seed = Regex("-Dsesame.seed=(-?[0-9]+)").find(failed.message!!)!!.groupValues[1].toLong()
            Random(seed).nextInt(100) shouldBe 42
        }

        test("an overflow of the stack is a failure like any other") {
            fun down(): Int = 1 + down()
            shouldThrow<AssertionError> { Cases(1).each({ it }) { down() } }.message shouldContain "StackOverflowError"
        }

        test("a case that doesn't end is given up") {
            val never = CountDownLatch(1)
            shouldThrow<AssertionError> { Cases(1, longest = 100.milliseconds).each({ it }) { never.await() } }
                .message shouldContain "goes on"
            never.countDown()
        }

        test("a case that takes too much memory is found") {
            shouldThrow<AssertionError> { Cases(1, mostBytes = 1_000).each({ it }) { ByteArray(10_000).fill(1) } }
                .message shouldContain "memory"
        }
    })
