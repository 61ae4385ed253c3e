package dev.sesame.internal

import dev.sesame.AlreadyClaimedException
import dev.sesame.ApprovalTimeoutException
import dev.sesame.ID
import dev.sesame.RateLimitedException
import dev.sesame.SesameAuthException
import dev.sesame.SesameClosedException
import dev.sesame.approval
import dev.sesame.asApproval
import dev.sesame.document
import dev.sesame.without
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

@OptIn(ExperimentalCoroutinesApi::class)
private fun TestScope.outcomesOf(rig: Rig): List<String> {
    advanceTimeBy(1.minutes)
    runCurrent()
    rig.broker.named("claim").map { it.text("claimant") }.toSet() shouldHaveSize 1
    return rig.broker.named("report").map { it.text("outcome") }
}

private suspend fun Rig.approveUnlessCancelled(ran: () -> Unit) = approve { ran() }

/** A claim that may have been granted, but under which nothing ran, is given back: others need not wait for its lease. */
@OptIn(ExperimentalCoroutinesApi::class)
class GiveBackTest :
    FunSpec({
        test("a caller's timeout while the claim is under way gives it back as failed") {
            virtually { rig ->
                rig.broker.onClaim =
                    { if (rig.broker.named("claim").size == 1) awaitCancellation() else ClaimGrant("the token", approval()) }
                shouldThrow<ApprovalTimeoutException> { rig.approve(timeout = 3.seconds) { error("never") } }.approvalId shouldBe ID
                outcomesOf(rig) shouldBe listOf("failed")
            }
        }

        test("a cancellation while the claim is under way gives it back as failed, and stays one") {
            virtually { rig ->
                rig.broker.onClaim =
                    { if (rig.broker.named("claim").size == 1) awaitCancellation() else ClaimGrant("the token", approval()) }
                val run = async { rig.approve { error("never") } }
                runCurrent()
                run.cancel()
                shouldThrow<CancellationException> { run.await() }
                outcomesOf(rig) shouldBe listOf("failed")
            }
        }

        test("a cancellation in the moment in which the claim is granted runs nothing, and gives it back") {
            virtually { rig ->
                var caller: Job? = null
                var ran = false
                rig.broker.onClaim = { ClaimGrant("the token", approval()).also { caller?.cancel() } }
                val run = async { rig.approveUnlessCancelled { ran = true } }
                caller = run
                shouldThrow<CancellationException> { run.await() }
                ran shouldBe false
                outcomesOf(rig) shouldBe listOf("failed")
            }
        }

        test("a cancellation in the moment of the decision runs nothing, also where nothing is claimed") {
            virtually { rig ->
                var ran = false
                rig.broker.features = emptySet()
                rig.broker.onRead = {
                    currentCoroutineContext().cancel()
                    document().without("claim").asApproval()
                }
                val run = async { rig.approveUnlessCancelled { ran = true } }
                shouldThrow<CancellationException> { run.await() }
                ran shouldBe false
            }
        }

        test("a client that is closed in the moment in which the claim is granted runs nothing") {
            virtually { rig ->
                var ran = false
                rig.broker.onClaim = { ClaimGrant("the token", approval()).also { rig.client.close() } }
                shouldThrow<SesameClosedException> { rig.approveUnlessCancelled { ran = true } }
                ran shouldBe false
            }
        }

        test("a refused claim was never granted: there is nothing to give back") {
            virtually { rig ->
                rig.broker.onClaim = { throw AlreadyClaimedException(ID) }
                shouldThrow<AlreadyClaimedException> { rig.approve { error("never") } }
                outcomesOf(rig).shouldBeEmpty()
                rig.broker.named("claim") shouldHaveSize 1
            }
        }

        test("a try without an answer may have been granted, whatever the last one says") {
            virtually { rig ->
                rig.broker.onClaim = {
                    when (rig.broker.named("claim").size) {
                        1 -> throw lost()
                        2 -> throw SesameAuthException("forbidden", "not for this key")
                        else -> ClaimGrant("the token", approval())
                    }
                }
                shouldThrow<SesameAuthException> { rig.approve { error("never") } }
                outcomesOf(rig) shouldBe listOf("failed")
            }
        }

        test("a broker that only ever says too many has granted nothing") {
            virtually { rig ->
                rig.broker.onClaim = { throw Retryable(60.seconds, RateLimitedException("too many", 60.seconds)) }
                shouldThrow<RateLimitedException> { rig.approve { error("never") } }
                val count = rig.broker.named("claim").size
                outcomesOf(rig).shouldBeEmpty()
                rig.broker.named("claim") shouldHaveSize count
            }
        }
    })
