package dev.sesame.internal

import dev.sesame.AlreadyExecutedException
import dev.sesame.BrokerUnavailableException
import dev.sesame.ExecutionUnknownException
import dev.sesame.ID
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
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlin.time.Duration.Companion.seconds

/** A process that stood still between the claim and the block: by then others may have been told that nobody knows the outcome. */
@OptIn(ExperimentalCoroutinesApi::class)
class StandstillTest :
    FunSpec({
        test("a claim whose answer is read after its lease runs nothing: it is handed back as failed, and taken anew") {
            virtually { rig ->
                rig.broker.onClaim = {
                    if (rig.broker.named("claim").size == 1) delay(60.seconds)
                    ClaimGrant("token ${rig.broker.named("claim").size}", approval())
                }
                var runs = 0
                rig.approve { runs++ }
                runs shouldBe 1
                rig.broker.named("claim").map { it.text("claimant") }.toSet() shouldHaveSize 2
                rig.broker.named("report").map { it.text("claim_token") to it.text("outcome") } shouldBe
                    listOf("token 1" to "failed", "token 2" to "succeeded")
            }
        }

        test("a claim whose answer is read within its lease is as good as any, and renewed in time") {
            virtually { rig ->
                rig.broker.onClaim = {
                    if (rig.broker.named("claim").size == 1) delay(59.seconds)
                    ClaimGrant("the token", approval())
                }
                rig.approve { delay(1.seconds) }
                rig.broker.named("claim").map { it.at } shouldBe listOf(0.seconds, 59.seconds)
                rig.broker.named("report").map { it.text("outcome") } shouldBe listOf("succeeded")
            }
        }

        mapOf(
            "an admin settled it as done meanwhile" to AlreadyExecutedException(ID),
            "another run was allowed meanwhile, and ended without a word" to ExecutionUnknownException(ID),
        ).forEach { (what, stands) ->
            test("where $what, that is what the caller gets, and nothing runs, be it allowed after an unknown run") {
                virtually { rig ->
                    rig.broker.onReport = { throw stands }
                    rig.broker.onClaim = { body ->
                        if (rig.broker.named("claim").size > 1 && "after_unknown" !in body) throw stands
                        delay(61.seconds)
                        ClaimGrant("the token", approval())
                    }
                    shouldThrow<RuntimeException> { rig.approve(how = HowToRun(afterUnknown = true)) { error("never") } } shouldBe stands
                }
            }
        }

        test("a claim that was granted without an answer, and settled as failed before it is asked for again, is taken anew") {
            virtually { rig ->
                rig.broker.onClaim = {
                    when (rig.broker.named("claim").size) {
                        1 -> throw lost()
                        2 -> throw ClaimLost(ID)
                        else -> ClaimGrant("the token", approval())
                    }
                }
                var runs = 0
                rig.approve { runs++ }
                runs shouldBe 1
                val claimants = rig.broker.named("claim").map { it.text("claimant") }
                (claimants[0] == claimants[1]) shouldBe true
                (claimants[1] == claimants[2]) shouldBe false
                rig.broker.named("report").map { it.text("outcome") } shouldBe listOf("succeeded")
            }
        }

        test("a caller who leaves while it is handed back runs nothing, and it is handed back all the same") {
            virtually { rig ->
                rig.broker.onClaim = { ClaimGrant("the token", approval()).also { delay(60.seconds) } }
                rig.broker.onReport = { if (rig.broker.named("report").size == 1) awaitCancellation() else approval() }
                val run = async { rig.approve { error("never") } }
                advanceTimeBy(61.seconds)
                run.cancel()
                shouldThrow<CancellationException> { run.await() }
                runCurrent()
                rig.broker.named("report").map { it.text("outcome") } shouldBe listOf("failed", "failed")
            }
        }

        test("code that had to wait for a thread for longer than the lease is not started") {
            virtually { rig ->
                val granted = rig.client.execute.claim(approval(), afterUnknown = false, rig.client.callerTime(null)) { }
                delay(60.seconds)
                shouldThrow<BrokerUnavailableException> { rig.client.execute.begin(granted) }
                advanceTimeBy(1.seconds)
                runCurrent()
                rig.broker.named("report").map { it.text("outcome") } shouldBe listOf("failed")
            }
        }

        test("a start within the lease gives nothing back") {
            virtually { rig ->
                val granted = rig.client.execute.claim(approval(), afterUnknown = false, rig.client.callerTime(null)) { }
                delay(59.seconds)
                rig.client.execute.begin(granted).succeeded()
                runCurrent()
                rig.broker.named("report").filter { it.text("outcome") == "failed" }.shouldBeEmpty()
            }
        }
    })
