package dev.sesame.broker.policy

import io.kotest.assertions.throwables.shouldNotThrowAny
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTimedValue

/** What a condition may do at most, whoever wrote it and whatever it is asked about. */
class CelLimitsTest :
    FunSpec({
        fun truthOf(condition: String, context: String): Truth {
            val ready = CelCondition.of(condition).shouldBeInstanceOf<Compiled.Ready>()
            val (truth, time) = measureTimedValue { ready.condition.judge(facts(context)) }
            time shouldBeLessThan 5.seconds // they take milliseconds; without the limits, minutes or all memory
            return truth
        }

        fun numbers(count: Int) = """{"a": ${(1..count).joinToString(",", "[", "]")}}"""

        test("a list of some hundred elements can be looked through") {
            truthOf("context.a.all(x, x > 0)", numbers(800)) shouldBe Truth.Holds
        }

        test("going round too often is no permission") {
            truthOf("context.a.all(x, context.a.all(y, context.a.all(z, x + y + z > 0.0)))", numbers(1_000))
                .shouldBeInstanceOf<Truth.Failed>()
            truthOf("context.a.all(x, x > 0)", numbers(12_000)).shouldBeInstanceOf<Truth.Failed>()
        }

        test("a text that doubles again and again ends before the memory does") {
            val doubling = "[context.s]" + ('a'..'z').joinToString("") { ".map($it, $it + $it)" } + ".size() == 1"
            truthOf(doubling, """{"s": "${"x".repeat(1_000)}"}""").shouldBeInstanceOf<Truth.Failed>()
        }

        test("a long text looked at for every element of a long list is too much") {
            val context = """{"s": "${"ab".repeat(8_000)}", "a": ${(1..3_000).joinToString(",", "[", "]")}}"""
            truthOf("context.a.all(x, !context.s.matches('(a|b)*c'))", context).shouldBeInstanceOf<Truth.Failed>()
        }

        test("too much on one side of || stays too much, though the other side holds") {
            truthOf("context.a.all(x, context.a.all(y, x + y > 0.0)) || true", numbers(1_000)).shouldBeInstanceOf<Truth.Failed>()
        }

        test("a pattern that blows up in other engines is matched in a moment, and one that is too large not at all") {
            truthOf("context.s.matches('^(a+)+$')", """{"s": "${"a".repeat(5_000)}b"}""") shouldBe Truth.DoesNotHold
            truthOf("context.s.matches('((a{50}){50}){50}')", """{"s": "a"}""").shouldBeInstanceOf<Truth.Failed>()
            truthOf("'a'.matches(context.s)", """{"s": "((a{50}){50}){50}"}""").shouldBeInstanceOf<Truth.Failed>()
        }

        test("no condition is longer or deeper than the limits") {
            CelCondition.of("true" + " && true".repeat(511)).shouldBeInstanceOf<Compiled.Ready>()
            CelCondition.of("true" + " && true".repeat(512)).shouldBeInstanceOf<Compiled.Wrong>().problem shouldBe
                "has more than 4096 characters"
            CelCondition.of("(".repeat(40) + "true" + ")".repeat(40)).shouldBeInstanceOf<Compiled.Wrong>()
            shouldNotThrowAny { CelCondition.of("!".repeat(2_000) + "true") }
        }

        test("what many conditions do about one question is limited together") {
            val context = numbers(1_000)
            val ready = CelCondition.of("context.a.all(x, x > 0)").shouldBeInstanceOf<Compiled.Ready>()
            val facts = facts(context)
            val truths = List(200) { ready.condition.judge(facts) }
            truths.first() shouldBe Truth.Holds
            truths.last().shouldBeInstanceOf<Truth.Failed>()
        }
    })
