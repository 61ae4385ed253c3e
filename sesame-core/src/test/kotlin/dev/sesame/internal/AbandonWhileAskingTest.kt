package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalTimeoutException
import dev.sesame.DedupConflictException
import dev.sesame.OTHER_ID
import dev.sesame.approval
import dev.sesame.asApproval
import dev.sesame.document
import dev.sesame.refundContext
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlin.time.Duration.Companion.seconds

/** The first sending is never answered; [again] answers the second. */
private fun Rig.firstGetsNoAnswer(again: suspend () -> Approval = { approval("pending") }) {
    broker.onOpen = { if (broker.named("open").size == 1) awaitCancellation() else again() }
}

/** Who leaves before the question's id is known. */
@OptIn(ExperimentalCoroutinesApi::class)
class AbandonWhileAskingTest :
    FunSpec({
        test("a caller who is cancelled while asking takes the question along: the same body, sent once more, tells its id") {
            virtually({ cancelOnAbandon = true }) { rig ->
                rig.firstGetsNoAnswer()
                val call = async { rig.approve { error("never") } }
                runCurrent()
                call.cancel()
                shouldThrow<CancellationException> { call.await() }
                rig.broker.named("open").map { it.body }.let { (first, second) -> second shouldBe first }
                rig.broker.named("open") shouldHaveSize 2
                rig.broker.named("cancel") shouldHaveSize 1
            }
        }

        test("so does one whose time is over, at once") {
            virtually({ cancelOnAbandon = true }) { rig ->
                rig.firstGetsNoAnswer()
                shouldThrow<ApprovalTimeoutException> { rig.approve(timeout = 5.seconds) { error("never") } }
                rig.broker.named("cancel") shouldHaveSize 1
                currentTime shouldBe 5_000
            }
        }

        test("it holds the caller for two seconds at most, whichever call isn't answered") {
            virtually({ cancelOnAbandon = true }) { rig ->
                rig.firstGetsNoAnswer { awaitCancellation() }
                shouldThrow<ApprovalTimeoutException> { rig.approve(timeout = 5.seconds) { error("never") } }
                currentTime shouldBe 7_000
                rig.broker.named("open") shouldHaveSize 2
                rig.broker.named("cancel").shouldBeEmpty()
            }
            virtually({ cancelOnAbandon = true }) { rig ->
                rig.firstGetsNoAnswer()
                rig.broker.onCancel = { awaitCancellation() }
                shouldThrow<ApprovalTimeoutException> { rig.approve(timeout = 5.seconds) { error("never") } }
                currentTime shouldBe 7_000
            }
        }

        test("a broker that is out of reach is tried for two seconds: a connection that was kept may have been gone") {
            virtually({ cancelOnAbandon = true }) { rig ->
                rig.firstGetsNoAnswer { throw lost() }
                shouldThrow<ApprovalTimeoutException> { rig.approve(timeout = 5.seconds) { error("never") } }
                rig.broker.named("open").size shouldBeGreaterThan 2
                rig.broker.named("cancel").shouldBeEmpty()
            }
        }

        test("what stands for something else is let be: the caller sees the timeout") {
            val answers: List<suspend () -> Approval> = listOf(
                { throw DedupConflictException("key", "another") },
                { document("pending", id = OTHER_ID, action = "another", context = refundContext).asApproval() },
            )
            answers.forEach { again ->
                virtually({ cancelOnAbandon = true }) { rig ->
                    rig.firstGetsNoAnswer(again)
                    shouldThrow<ApprovalTimeoutException> { rig.approve(timeout = 5.seconds) { error("never") } }
                    rig.broker.named("open") shouldHaveSize 2
                    rig.broker.named("cancel").shouldBeEmpty()
                }
            }
        }

        test("unless it was asked for, nothing is sent again") {
            virtually { rig ->
                rig.firstGetsNoAnswer()
                shouldThrow<ApprovalTimeoutException> { rig.approve(timeout = 5.seconds) { error("never") } }
                rig.broker.named("open") shouldHaveSize 1
                rig.broker.named("cancel").shouldBeEmpty()
            }
        }

        test("a question that fails by itself is not abandoned") {
            virtually({ cancelOnAbandon = true }) { rig ->
                rig.broker.onOpen = { throw DedupConflictException("key", "another") }
                shouldThrow<DedupConflictException> { rig.approve { error("never") } }
                rig.broker.named("open") shouldHaveSize 1
            }
        }
    })
