package dev.sesame.testing

import dev.sesame.ApprovalExpiredException
import dev.sesame.ApprovalStatus
import dev.sesame.ApprovalTimeoutException
import dev.sesame.ExecutionState
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.advanceUntilIdle
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime

@OptIn(ExperimentalCoroutinesApi::class)
class RunTestTest :
    FunSpec({
        for (longPolls in listOf(false, true)) {
            val way = if (longPolls) "by long polls" else "on the feed"

            test("four hours of waiting $way are over at once, and then the answer counts") {
                measureTime {
                    runTest {
                        val broker = fakeBroker()
                        val sesame = broker.sesame { longPollOnly = longPolls }
                        val run = async { sesame.approve("a", expiresIn = 5.hours) { "ran" } }
                        val pending = broker.awaitPending()
                        delay(4.hours)
                        broker.onlyPending().id shouldBe pending.id
                        broker.approver("ana").approves(pending)
                        run.await() shouldBe "ran"
                        currentTime.milliseconds shouldBeLessThan 4.hours + 1.minutes
                        broker.assertRanOnce(pending.id)
                        broker.assertNoLeaks()
                    }
                } shouldBeLessThan 20.seconds
            }

            test("silence expires it in its very millisecond, $way") {
                runTest {
                    val broker = fakeBroker()
                    val sesame = broker.sesame { longPollOnly = longPolls }
                    val expired = shouldThrow<ApprovalExpiredException> { sesame.approve("a", expiresIn = 4.hours) { } }.approval
                    expired.decidedAt shouldBe expired.expiresAt
                    currentTime.milliseconds shouldBeLessThan 4.hours + 1.minutes
                }
            }
        }

        test("idle is where only waits are left: the question stays open") {
            runTest {
                val broker = fakeBroker()
                val run = async { broker.sesame().approve("a") { "ran" } }
                advanceUntilIdle()
                currentTime shouldBe 0
                broker.approver("ana").approves(broker.onlyPending())
                run.await() shouldBe "ran"
            }
        }

        test("the broker's clock moves the scheduler's time") {
            runTest {
                val broker = fakeBroker()
                val asked = broker.sesame().trigger("a", expiresIn = 4.hours)
                broker.clock.advance(4.hours)
                currentTime.milliseconds shouldBe 4.hours
                broker.asked.single().status shouldBe ApprovalStatus.EXPIRED
                asked.poll().status shouldBe ApprovalStatus.EXPIRED
            }
        }

        test("the caller's own timeout is of the scheduler's time, and takes the question back where it is told to") {
            runTest {
                val broker = fakeBroker()
                val sesame = broker.sesame { cancelOnAbandon = true }
                shouldThrow<ApprovalTimeoutException> { sesame.approve("a", timeout = 10.minutes) { } }
                currentTime.milliseconds shouldBe 10.minutes
                broker.asked.single().status shouldBe ApprovalStatus.CANCELLED
            }
        }

        test("a block that takes an hour keeps its claim") {
            runTest {
                val broker = fakeBroker()
                broker.approver("ana").approvesAll()
                broker.sesame().approve("a") { delay(1.hours) }
                broker.asked.single().execution?.state shouldBe ExecutionState.SUCCEEDED
            }
        }

        test("a delayed answer takes the scheduler's time") {
            runTest {
                val broker = fakeBroker()
                broker.fail(Fault.delay(5.seconds), of = CallKind.OPEN)
                broker.sesame().trigger("a")
                currentTime.milliseconds shouldBe 5.seconds
            }
        }
    })
