package dev.sesame.testing

import dev.sesame.context
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.throwables.shouldThrowAny
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.put
import java.time.Duration
import kotlin.time.Duration.Companion.milliseconds

class AssertionsTest :
    FunSpec({
        val broker by fakeBroker()

        fun failing(assertion: () -> Unit): String = shouldThrow<AssertionError> { assertion() }.message.orEmpty()

        test("what was asked is found by its action and, in any order and spacing, its context") {
            val asked = broker.sesame().trigger("payments.refund", context = context { put("a", 1).also { put("b", "x") } })
            broker.assertAsked("payments.refund").id shouldBe asked.id
            broker.assertAsked("payments.refund", """{ "b": "x", "a": 1.0 }""").id shouldBe asked.id
            failing { broker.assertAsked("payments.refund", """{"a": 2}""") } shouldContain """it was asked with [{"a":1,"b":"x"}]"""
            failing { broker.assertAsked("payments.pay") } shouldContain "payments.refund (${asked.id}, pending)"
            failing { broker.assertNothingAsked() } shouldContain "payments.refund"
            shouldThrow<IllegalArgumentException> { broker.assertAsked("payments.refund", "{a: 2}") }
        }

        test("the only pending one is told, or how many there are") {
            failing { broker.onlyPending() } shouldContain "nothing was asked at all"
            val sesame = broker.sesame()
            val first = sesame.trigger("a")
            broker.onlyPending().id shouldBe first.id
            sesame.trigger("b")
            failing { broker.onlyPending() } shouldContain "not 2"
            broker.pending.map { it.action } shouldBe listOf("a", "b")
            failing { broker.approval("ap_x") } shouldContain "ap_x"
        }

        test("waiting for a question ends with a failure where none comes") {
            shouldThrow<AssertionError> { broker.awaitPending(10.milliseconds) }
            failing { broker.awaitPending(Duration.ofMillis(10)) } shouldContain "not 0"
            broker.sesame().trigger("a")
            broker.awaitPending(Duration.ofSeconds(1)).action shouldBe "a"
        }

        test("a run that did nothing doesn't count; one that ended without a word does") {
            broker.approver("ana").approvesAll()
            val sesame = broker.sesame()
            val asked = sesame.trigger("a")
            failing { broker.assertRanOnce(asked.id) } shouldContain "never begun"
            shouldThrowAny { asked.run(safeToRetry = { true }) { error("did nothing") } }
            broker.assertNeverRan(asked.id)
            asked.run { }
            broker.assertRanOnce(asked.id)
            failing { broker.assertNeverRan(asked.id) } shouldContain "claimed 2 times, 1 of these reported as having done nothing"

            val other = sesame.trigger("b")
            shouldThrowAny { other.run { error("who knows") } }
            other.run(afterUnknown = true) { }
            failing { broker.assertRanOnce(other.id) } shouldContain "claimed 2 times"
        }
    })
