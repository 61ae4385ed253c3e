package dev.sesame.bench.peers

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

class CallsTest :
    FunSpec({
        test("calls that went on are over, and one that didn't is missed") {
            val calls = Calls(size = 3)
            calls.expect(listOf(0, 1, 2))
            calls.goesOn(0)
            calls.goesOn(2)
            calls.awaitEnds(Duration.ZERO) shouldBe 1
            calls.goesOn(1)
            calls.awaitEnds(Duration.ZERO) shouldBe 0
        }

        test("what awaits the last end is woken by it") {
            val calls = Calls(size = 1)
            calls.expect(listOf(0))
            val late = Thread.ofPlatform().start { calls.goesOn(0) }
            calls.awaitEnds(30.seconds) shouldBe 0
            late.join()
            calls.marks.started[0] shouldBeGreaterThan 0
        }

        test("a call that ends late stands for no other one") {
            val calls = Calls(size = 2)
            calls.expect(listOf(1))
            calls.goesOn(0)
            calls.awaitEnds(Duration.ZERO) shouldBe 1
        }

        test("a program that is run again changes neither its id nor its time") {
            val calls = Calls(size = 1)
            calls.opened(0, "a")
            calls.opened(0, "b")
            calls.awaitOpened(Duration.ZERO)
            shouldThrow<IllegalStateException> { calls.awaitOpened(Duration.ZERO) }
            calls.marks.ids.get(0) shouldBe "a"
            calls.goesOn(0)
            val first = calls.marks.started[0]
            calls.goesOn(0)
            calls.marks.started[0] shouldBe first
        }
    })
