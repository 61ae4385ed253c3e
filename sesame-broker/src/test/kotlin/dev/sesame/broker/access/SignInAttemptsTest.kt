package dev.sesame.broker.access

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TestTimeSource

class SignInAttemptsTest :
    FunSpec({
        val time = TestTimeSource()

        test("so many failures from one address, then it waits; others don't; then it may try again") {
            val attempts = SignInAttempts(time)
            repeat(SignInAttempts.FROM_ONE) {
                attempts.waitOf("a").shouldBeNull()
                attempts.failed("a")
            }
            attempts.waitOf("a") shouldBe 15.minutes
            attempts.waitOf("b").shouldBeNull()
            time += 15.minutes - 1.seconds
            attempts.waitOf("a") shouldBe 1.seconds
            time += 1.seconds
            attempts.waitOf("a").shouldBeNull()
        }

        test("failures that time has parted are not added up") {
            val attempts = SignInAttempts(time)
            repeat(3) {
                repeat(SignInAttempts.FROM_ONE - 1) { attempts.failed("a") }
                time += 15.minutes
            }
            attempts.waitOf("a").shouldBeNull()
        }

        test("so many from everywhere, then everybody waits for a minute") {
            val attempts = SignInAttempts(time)
            repeat(SignInAttempts.IN_ALL) { attempts.failed("address $it") }
            attempts.waitOf("another").shouldNotBeNull()
            time += 1.minutes
            attempts.waitOf("another").shouldBeNull()
        }

        test("any number of addresses is counted in bounded room") {
            val attempts = SignInAttempts(time)
            repeat(100_000) { attempts.failed("address $it") }
            time += 1.minutes
            repeat(SignInAttempts.FROM_ONE) { attempts.failed("address 1") }
            attempts.waitOf("address 1").shouldNotBeNull()
        }
    })
