package dev.sesame.internal

import dev.sesame.AlreadyDecidedException
import dev.sesame.ApprovalTimeoutException
import dev.sesame.PendingApproval
import dev.sesame.approval
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlin.time.Duration.Companion.seconds

private fun Rig.nobodyAnswers() {
    broker.onRead = { hold -> if (hold != null) awaitCancellation() else approval("pending") }
}

@OptIn(ExperimentalCoroutinesApi::class)
class AbandonTest :
    FunSpec({
        test("a caller who is cancelled takes the question along, if that was asked for") {
            virtually({ cancelOnAbandon = true }) { rig ->
                rig.nobodyAnswers()
                val call = async { rig.approve { error("never") } }
                runCurrent()
                call.cancel()
                shouldThrow<CancellationException> { call.await() }
                rig.broker.named("cancel") shouldHaveSize 1
            }
        }

        test("so does one whose time is over") {
            virtually({ cancelOnAbandon = true }) { rig ->
                rig.nobodyAnswers()
                shouldThrow<ApprovalTimeoutException> { rig.approve(timeout = 60.seconds) { error("never") } }
                rig.broker.named("cancel") shouldHaveSize 1
                currentTime shouldBe 60_000
            }
        }

        test("a withdrawal that isn't answered holds the caller for two seconds at most") {
            virtually({ cancelOnAbandon = true }) { rig ->
                rig.nobodyAnswers()
                rig.broker.onCancel = { awaitCancellation() }
                shouldThrow<ApprovalTimeoutException> { rig.approve(timeout = 60.seconds) { error("never") } }
                currentTime shouldBe 62_000
            }
        }

        test("a withdrawal that fails for a moment is tried again within that time") {
            virtually({ cancelOnAbandon = true }) { rig ->
                rig.nobodyAnswers()
                rig.broker.onCancel = { if (rig.broker.named("cancel").size == 1) throw lost() else approval("cancelled") }
                shouldThrow<ApprovalTimeoutException> { rig.approve(timeout = 60.seconds) { error("never") } }
                rig.broker.named("cancel") shouldHaveSize 2
            }
        }

        test("a withdrawal that comes too late changes nothing: the caller sees the timeout") {
            virtually({ cancelOnAbandon = true }) { rig ->
                rig.nobodyAnswers()
                rig.broker.onCancel = { throw AlreadyDecidedException(approval(), "decided") }
                shouldThrow<ApprovalTimeoutException> { rig.approve(timeout = 60.seconds) { error("never") } }
            }
        }

        test("unless it was asked for, leaving ends the wait and not the question") {
            virtually { rig ->
                rig.nobodyAnswers()
                shouldThrow<ApprovalTimeoutException> { rig.approve(timeout = 60.seconds) { error("never") } }
                val call = async { rig.approve { error("never") } }
                runCurrent()
                call.cancel()
                shouldThrow<CancellationException> { call.await() }
                rig.broker.named("cancel").shouldBeEmpty()
            }
        }

        test("an answered question is not withdrawn") {
            virtually({ cancelOnAbandon = true }) { rig ->
                rig.approve { "ran" } shouldBe "ran"
                shouldThrow<IllegalStateException> { rig.approve { error("broken") } }
                rig.broker.named("cancel").shouldBeEmpty()
            }
        }

        test("to look how it stands is not to abandon it") {
            virtually({ cancelOnAbandon = true }) { rig ->
                rig.nobodyAnswers()
                val pending = PendingApproval(rig.client, rig.client.attach(approval().id))
                pending.poll(5.seconds).status.value shouldBe "pending"
                rig.broker.named("cancel").shouldBeEmpty()
            }
        }
    })
