package dev.sesame.internal

import dev.sesame.ApprovalDeniedException
import dev.sesame.ApprovalExpiredException
import dev.sesame.ApprovalTimeoutException
import dev.sesame.ApprovalWithdrawnException
import dev.sesame.BrokerUnavailableException
import dev.sesame.ID
import dev.sesame.ProtocolException
import dev.sesame.approval
import dev.sesame.asApproval
import dev.sesame.document
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.comparables.shouldBeGreaterThanOrEqualTo
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.ranges.shouldBeIn
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.currentTime
import kotlinx.serialization.json.put
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** A broker that holds each poll until the decision, [after] so many polls. */
private fun Rig.decidedAfter(polls: Int, status: String = "approved", held: Duration = 25.seconds) {
    broker.onRead = { hold ->
        if (hold != null) delay(held)
        approval(if (broker.named("wait").size > polls) status else "pending")
    }
}

/** A question for which people have half an hour. */
private fun Rig.urgent() {
    broker.onOpen = { document("pending") { put("expires_at", "2026-11-20T12:30:00Z") }.asApproval() }
}

@OptIn(ExperimentalCoroutinesApi::class)
class WaitTest :
    FunSpec({
        test("it polls, held by the broker, until somebody says yes, and then the block runs") {
            virtually { rig ->
                rig.decidedAfter(polls = 100)
                rig.approve { it.id } shouldBe ID
                rig.broker.named("wait") shouldHaveSize 101
                currentTime.milliseconds shouldBeGreaterThan 25.seconds * 100
            }
        }

        test("a broker that answers each poll at once gets about one a second") {
            virtually { rig ->
                rig.decidedAfter(polls = 60, held = 0.seconds)
                rig.approve { }
                currentTime.milliseconds shouldBeIn 60.seconds..62.seconds
            }
        }

        test("polls that end without a decision are no failures: the next one isn't put off") {
            virtually { rig ->
                rig.decidedAfter(polls = 100)
                rig.approve { }
                currentTime.milliseconds shouldBeLessThan 25.seconds * 101 + 1.seconds
                rig.listener.retried.shouldBeEmpty()
            }
        }

        test("a broker that is away for an hour is waited for, a few polls a minute") {
            virtually { rig ->
                rig.broker.onRead = { if (currentTime < 3_600_000) throw lost() else approval() }
                rig.approve { "ran" } shouldBe "ran"
                rig.broker.named("wait").size shouldBeGreaterThan 400
                (rig.broker.named("wait").size < 2_000) shouldBe true
            }
        }

        test("a broker that never comes back is given up a little after the expiry") {
            virtually { rig ->
                rig.urgent()
                rig.broker.onRead = { throw lost() }
                shouldThrow<BrokerUnavailableException> { rig.approve { error("never") } }
                currentTime.milliseconds shouldBeIn 30.minutes..36.minutes
            }
        }

        test("a question that a broker leaves pending long after its expiry is given up, too") {
            virtually { rig ->
                rig.urgent()
                rig.broker.onRead = { hold ->
                    delay(hold ?: Duration.ZERO)
                    document("pending") { put("expires_at", "2026-11-20T12:30:00Z") }.asApproval()
                }
                val giveUp = shouldThrow<Exception> { rig.approve(timeout = 3.hours) { error("never") } }
                giveUp::class shouldBe ProtocolException::class
                currentTime.milliseconds shouldBeIn 30.minutes..36.minutes
            }
        }

        test("a question whose expiry somebody puts off is waited for until it is decided") {
            virtually { rig ->
                rig.urgent()
                rig.broker.onRead = { hold ->
                    delay(hold ?: Duration.ZERO)
                    val isOver = currentTime.milliseconds > 2.hours
                    if (isOver) approval() else document("pending") { put("expires_at", "2026-11-20T15:00:00Z") }.asApproval()
                }
                rig.approve { "ran" } shouldBe "ran"
                currentTime.milliseconds shouldBeIn 2.hours..(2.hours + 1.minutes)
            }
        }

        test("a decision after the caller's timeout runs nothing, even one that is on its way") {
            virtually { rig ->
                rig.decidedAfter(polls = 0, held = 10.seconds)
                val late = shouldThrow<ApprovalTimeoutException> { rig.approve(timeout = 9.seconds) { error("never") } }
                late.approvalId shouldBe ID
                late.timeout shouldBe java.time.Duration.ofSeconds(9)
                currentTime shouldBe 9_000
                rig.broker.named("claim").shouldBeEmpty()
            }
        }

        test("a caller's timeout before the question is out names no approval") {
            virtually { rig ->
                rig.broker.onOpen = { throw lost() }
                shouldThrow<ApprovalTimeoutException> { rig.approve(timeout = 5.seconds) { error("never") } }.approvalId shouldBe null
                currentTime.milliseconds shouldBeGreaterThanOrEqualTo 4.seconds
            }
        }

        test("no, silence and withdrawal each have their exception, and none of them claims") {
            virtually { rig ->
                rig.decidedAfter(polls = 1, status = "denied")
                val denied = shouldThrow<ApprovalDeniedException> { rig.approve { error("never") } }
                denied.note shouldBe "as agreed"
                denied.message!! shouldContain "Ada"
                rig.decidedAfter(polls = 3, status = "expired")
                shouldThrow<ApprovalExpiredException> { rig.approve { error("never") } }
                rig.decidedAfter(polls = 5, status = "cancelled")
                shouldThrow<ApprovalWithdrawnException> { rig.approve { error("never") } }.approval.id shouldBe ID
                rig.broker.named("claim").shouldBeEmpty()
            }
        }

        test("what was decided when it was asked is not waited for") {
            virtually { rig ->
                rig.broker.onOpen = { approval() }
                rig.approve { "ran" } shouldBe "ran"
                rig.broker.named("wait").shouldBeEmpty()
            }
        }
    })
