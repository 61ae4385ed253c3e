package dev.sesame.internal

import dev.sesame.IncompatibleRuntimeException
import dev.sesame.Reply
import dev.sesame.ScriptedHttp
import dev.sesame.Step
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs

private val old = mapOf("kotlin-stdlib" to "2.2.21", "kotlinx-coroutines-core" to "1.8.1")
private val fine = mapOf("kotlin-stdlib" to "2.2.21")

class RuntimeCheckTest :
    FunSpec({
        test("old libraries are told before anything is made: what is wrong, what to do, what was found") {
            var made = 0
            val problem = shouldThrow<IncompatibleRuntimeException> { RuntimeCheck { old }.passing { made++ } }
            made shouldBe 0
            problem.message shouldBe "the libraries on the class path don't go together: kotlinx-coroutines-core 1.8.1 is too old: " +
                "1.9.0 or newer is needed. Import dev.sesame:sesame-bom before other BOMs. " +
                "Found: kotlin-stdlib 2.2.21, kotlinx-coroutines-core 1.8.1"
            problem.found shouldBe old
            problem.problems shouldHaveSize 1
            problem.cause.shouldBeNull()
        }

        test("the class path is looked at once, and every client that it can't make is told so") {
            var looks = 0
            val check = RuntimeCheck { old.also { looks++ } }
            repeat(3) { shouldThrow<IncompatibleRuntimeException> { check.passing {} } }
            looks shouldBe 1
        }

        test("what can be made is made, and its own failures pass unchanged") {
            val check = RuntimeCheck { fine }
            check.passing { 7 } shouldBe 7
            listOf(IllegalStateException("full"), UnsatisfiedLinkError("no native library"), ExceptionInInitializerError()).forEach { own ->
                shouldThrow<Throwable> { check.passing { throw own } } shouldBeSameInstanceAs own
            }
        }

        listOf(
            NoSuchMethodError("a.B.c()"),
            NoClassDefFoundError("a/B"),
            AbstractMethodError("a.B.c()"),
            VerifyError("a.B"),
        ).forEach { lack ->
            test("a client whose making ends in ${lack.javaClass.simpleName} is told with what was found") {
                val problem = shouldThrow<IncompatibleRuntimeException> { RuntimeCheck { fine }.passing { throw lack } }
                problem.cause shouldBeSameInstanceAs lack
                problem.problems shouldBe listOf(lack.toString())
                problem.found shouldBe fine
            }
        }

        test("a lack is found under what it was wrapped in, and nowhere else") {
            val check = RuntimeCheck { fine }
            val lack = NoSuchMethodError("a.B.c()")
            check.toldIn(IllegalStateException(RuntimeException(lack))).shouldNotBeNull().cause shouldBeSameInstanceAs lack
            check.toldIn(IllegalStateException(RuntimeException("full"))).shouldBeNull()
        }

        listOf<() -> Throwable>(
            { NoSuchMethodError("a.B.c()") },
            { IllegalStateException("in a handler", NoSuchMethodError("a.B.c()")) },
        ).forEach { lack ->
            test("a call that ends in ${lack().javaClass.simpleName} isn't told as a broker out of reach, nor tried again") {
                val http = ScriptedHttp().apply { on(Step.OPEN, { throw lack() }, { Reply("", 503) }) }
                http.sesame().use { sesame -> shouldThrow<IncompatibleRuntimeException> { sesame.trigger("payments.refund") } }
                http.sentTo(Step.OPEN) shouldHaveSize 1
            }
        }
    })
