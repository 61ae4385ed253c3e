package dev.sesame.internal

import dev.sesame.ExecutionState
import dev.sesame.ID
import dev.sesame.approval
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.comparables.shouldBeLessThanOrEqualTo
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.withTimeout
import java.io.IOException
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private val Rig.outcome get() = broker.named("report").single().text("outcome")

@OptIn(ExperimentalCoroutinesApi::class)
class OutcomeTest :
    FunSpec({
        test("a block that returns has succeeded, by the word of the token") {
            virtually { rig ->
                rig.approve { "ran" } shouldBe "ran"
                rig.outcome shouldBe "succeeded"
                rig.broker.named("report").single().text("claim_token") shouldBe "the token"
            }
        }

        test("a block's exception passes unchanged; whether it did something is unknown") {
            virtually { rig ->
                val problem = IOException("the bank hung up, card 4111 1111 1111 1111")
                shouldThrow<IOException> { rig.approve { throw problem } } shouldBeSameInstanceAs problem
                rig.outcome shouldBe "unknown"
                rig.broker.named("report").single().text("detail") shouldBe "IOException"
            }
        }

        test("so does an error that is no exception") {
            virtually { rig ->
                val problem = AssertionError("broken")
                shouldThrow<AssertionError> { rig.approve { throw problem } } shouldBeSameInstanceAs problem
                rig.outcome shouldBe "unknown"
            }
        }

        test("an exception that is declared safe to retry has failed, and passes all the same") {
            virtually { rig ->
                val how = HowToRun(safeToRetry = { it is IllegalArgumentException })
                shouldThrow<IllegalArgumentException> { rig.approve(how = how) { require(false) } }
                rig.outcome shouldBe "failed"
            }
        }

        test("another exception than the declared one is unknown") {
            virtually { rig ->
                val how = HowToRun(safeToRetry = { it is IllegalArgumentException })
                shouldThrow<IllegalStateException> { rig.approve(how = how) { error("broken") } }
                rig.outcome shouldBe "unknown"
            }
        }

        test("a cancelled block is unknown, whatever is safe to retry, and the caller stays cancelled") {
            virtually { rig ->
                val run = async { rig.approve(how = HowToRun(safeToRetry = { true })) { awaitCancellation() } }
                runCurrent()
                run.cancelAndJoin()
                rig.outcome shouldBe "unknown"
                shouldThrow<CancellationException> { run.await() }
            }
        }

        test("a block's own timeout is unknown, too") {
            virtually { rig ->
                shouldThrow<TimeoutCancellationException> { rig.approve { withTimeout(1.seconds) { awaitCancellation() } } }
                rig.outcome shouldBe "unknown"
            }
        }

        test("a report without an answer is sent again, the same") {
            virtually { rig ->
                rig.broker.onReport = { if (rig.broker.named("report").size < 4) throw lost() else approval() }
                rig.approve { "ran" } shouldBe "ran"
                rig.broker.named("report").map { it.body }.toSet() shouldHaveSize 1
                rig.listener.unreported.shouldBeEmpty()
            }
        }

        test("a report that can't be delivered turns no success into an exception, and is told in the end") {
            virtually { rig ->
                rig.broker.onReport = { throw lost() }
                rig.approve { "ran" } shouldBe "ran"
                currentTime.milliseconds shouldBeLessThanOrEqualTo 5.seconds
                rig.listener.unreported.shouldBeEmpty()
                advanceTimeBy(1.hours)
                rig.listener.unreported shouldBe listOf(ID to ExecutionState.SUCCEEDED)
            }
        }

        test("a broker that takes this claim's word no longer turns no success into an exception either") {
            virtually { rig ->
                rig.broker.onReport = { throw ClaimLost(ID) }
                rig.approve { "ran" } shouldBe "ran"
                rig.listener.unreported shouldBe listOf(ID to ExecutionState.SUCCEEDED)
            }
        }

        test("a report that hangs doesn't hold the block's exception for long") {
            virtually { rig ->
                rig.broker.onReport = {
                    if (currentTime < 600_000) delay(600_000 - currentTime)
                    approval()
                }
                shouldThrow<IOException> { rig.approve { throw IOException("broken") } }
                currentTime.milliseconds shouldBeLessThanOrEqualTo 5.seconds
            }
        }

        test("a client that is closed while the block runs returns what the block returns, and tells what it couldn't report") {
            virtually { rig ->
                val run = async {
                    rig.approve {
                        delay(10.seconds)
                        "ran"
                    }
                }
                launch { delay(5.seconds).also { rig.client.close() } }
                run.await() shouldBe "ran"
                rig.broker.named("report").shouldBeEmpty()
                rig.listener.unreported shouldBe listOf(ID to ExecutionState.SUCCEEDED)
            }
        }
    })
