package dev.sesame.testing

import dev.sesame.ApprovalTimeoutException
import dev.sesame.BrokerUnavailableException
import dev.sesame.ExecutionState
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.test.runTest
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

class FaultsTest :
    FunSpec({
        for (kind in listOf(CallKind.OPEN, CallKind.CLAIM, CallKind.REPORT, CallKind.FEED, CallKind.LIST)) {
            for (fault in listOf(Fault.LOSE_ANSWER, Fault.DROP, Fault.UNAVAILABLE)) {
                test("$fault of $kind, twice: it is asked once and runs once") {
                    runTest {
                        val broker = fakeBroker()
                        var runs = 0
                        val sesame = broker.sesame()
                        broker.fail(fault, times = 2, of = kind)
                        val run = async { sesame.approve("a") { ++runs } }
                        broker.approver("ana").approves(broker.awaitPending(1.minutes))
                        run.await() shouldBe 1
                        broker.asked shouldHaveSize 1
                        broker.assertRanOnce(broker.asked.single().id)
                        broker.assertNoLeaks()
                    }
                }
            }
        }

        test("a broker that answers nothing at all runs nothing") {
            runTest {
                val broker = fakeBroker()
                broker.fail(Fault.DROP, times = 1_000)
                shouldThrow<BrokerUnavailableException> { broker.sesame { retryFor = Duration.ZERO }.approve("a") { } }
                broker.assertNothingAsked()
            }
        }

        test("a claim whose answers are all lost runs nothing, and is given back once the broker answers") {
            runTest {
                val broker = fakeBroker()
                broker.approver("ana").approvesAll()
                broker.fail(Fault.LOSE_ANSWER, times = 4, of = CallKind.CLAIM)
                val sesame = broker.sesame()
                val asked = sesame.trigger("a")
                // So long that some tries are lost, and so short that the caller gives up.
                shouldThrow<ApprovalTimeoutException> { asked.run(timeout = 500.milliseconds) { error("ran") } }
                testScheduler.advanceTimeBy(1.minutes)
                broker.assertNeverRan(asked.id)
                broker.approval(asked.id).execution?.state shouldBe ExecutionState.FAILED
                asked.run { "ran later" } shouldBe "ran later"
            }
        }

        test("faults come in the order in which they were ordered, each to its own kind") {
            runTest {
                val broker = fakeBroker()
                broker.fail(Fault.UNAVAILABLE, of = CallKind.CANCEL)
                broker.fail(Fault.DROP)
                val sesame = broker.sesame { retryFor = Duration.ZERO }
                shouldThrow<BrokerUnavailableException> { sesame.trigger("a") }
                val asked = sesame.trigger("a")
                shouldThrow<BrokerUnavailableException> { asked.cancel() }
                asked.cancel()
            }
        }
    })
