package dev.sesame.internal

import dev.sesame.AlreadyClaimedException
import dev.sesame.BrokerUnavailableException
import dev.sesame.ID
import dev.sesame.RecordingListener
import dev.sesame.SesameClosedException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.comparables.shouldBeLessThanOrEqualTo
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.ranges.shouldBeIn
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.test.testTimeSource
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

@OptIn(ExperimentalCoroutinesApi::class)
private class Tries(scope: TestScope) {
    val closing = CompletableDeferred<Unit>()
    val listener = RecordingListener()
    val time = scope.testTimeSource
    val retry = Retry(Backoff(Random(7)), RetryBudget(time), closing, listener, time)
    var count = 0

    suspend fun failing(atMost: Duration, problem: Exception): Nothing = retry.within(atMost) {
        count++
        throw problem
    }
}

@OptIn(ExperimentalCoroutinesApi::class)
class RetryTest :
    FunSpec({
        test("it tries again until the time is over, and then throws what the last try says") {
            runTest {
                val tries = Tries(this)
                shouldThrow<BrokerUnavailableException> { tries.failing(30.seconds, lost()) }
                tries.count shouldBeGreaterThan 5
                currentTime.milliseconds shouldBeLessThanOrEqualTo 30.seconds
                currentTime.milliseconds shouldBeGreaterThan 15.seconds
            }
        }

        test("it doesn't start to wait for a try that would come too late") {
            runTest {
                shouldThrow<BrokerUnavailableException> { Tries(this).failing(30.seconds, lost(retryAfter = 31.seconds)) }
                currentTime shouldBe 0
            }
        }

        test("no time for retries means one try") {
            runTest {
                val tries = Tries(this)
                shouldThrow<BrokerUnavailableException> { tries.failing(Duration.ZERO, lost()) }
                tries.count shouldBe 1
                currentTime shouldBe 0
            }
        }

        test("the third try's answer is returned, and each pause was told") {
            runTest {
                val tries = Tries(this)
                tries.retry.within(30.seconds) { if (++tries.count < 3) throw lost() else "answer" } shouldBe "answer"
                tries.listener.retried.map { it.first } shouldBe List(2) { "no answer" }
                currentTime.milliseconds - tries.listener.retried.fold(Duration.ZERO) { sum, (_, delay) -> sum + delay } shouldBeIn
                    Duration.ZERO..2.milliseconds
            }
        }

        test("without an end it goes on") {
            runTest {
                val tries = Tries(this)
                tries.retry.until(null) { if (++tries.count < 1_000) throw lost() else "answer" } shouldBe "answer"
                currentTime.milliseconds shouldBeGreaterThan 1.hours / 2
            }
        }

        listOf(AlreadyClaimedException(ID), IllegalStateException("a bug"), CancellationException("left")).forEach { problem ->
            test("${problem.javaClass.simpleName} is no reason to try again") {
                runTest {
                    val tries = Tries(this)
                    shouldThrow<Exception> { tries.failing(30.seconds, problem) } shouldBeSameInstanceAs problem
                    tries.count shouldBe 1
                }
            }
        }

        test("closing ends the pause at once, and is no cancellation") {
            runTest {
                val tries = Tries(this)
                val ended = async {
                    shouldThrow<SesameClosedException> { tries.failing(1.hours, lost(retryAfter = 60.seconds)) }
                    currentCoroutineContext().isActive
                }
                advanceTimeBy(10.seconds)
                tries.closing.complete(Unit)
                ended.await() shouldBe true
                currentTime.milliseconds shouldBeLessThan 11.seconds
            }
        }
    })
