package dev.sesame.internal

import dev.sesame.ACTION
import dev.sesame.AlreadyClaimedException
import dev.sesame.approval
import dev.sesame.editedContext
import dev.sesame.refundContext
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.collections.shouldNotContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.currentTime
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

@OptIn(ExperimentalCoroutinesApi::class)
class ClaimTest :
    FunSpec({
        test("the order is: ask, wait, claim, run, report") {
            virtually { rig ->
                rig.approve {
                    rig.broker.calls.map { it.name } shouldBe listOf("open", "wait", "claim")
                }
                rig.broker.calls.map { it.name } shouldBe listOf("open", "wait", "claim", "report")
            }
        }

        test("the claimant can't be guessed, and is new for every call") {
            virtually { rig ->
                repeat(50) { rig.approve(dedupKey = "the same question") { } }
                val claimants = rig.broker.named("claim").map { it.text("claimant") }
                claimants.forEach { it shouldMatch Regex("[A-Za-z0-9_-]{22,64}") }
                claimants.toSet() shouldHaveSize 50
            }
        }

        test("the claim names the hash of what was asked, and a lease of a minute") {
            virtually { rig ->
                rig.approve { it.effectiveContext shouldBe refundContext }
                val claim = rig.broker.named("claim").single()
                claim.text("context_hash") shouldBe CanonicalJson.requestHash(ACTION, refundContext)
                claim.text("lease_seconds") shouldBe "60"
                claim.body.keys shouldNotContain "after_unknown"
            }
        }

        test("where an approver edited it, the claim names the hash of the edit, and the block gets the edit") {
            virtually { rig ->
                rig.broker.onRead = { approval(edited = editedContext) }
                rig.broker.onClaim = { ClaimGrant("the token", approval(edited = editedContext)) }
                rig.approve(editable = listOf("amount")) { it.effectiveContext } shouldBe editedContext
                rig.broker.named("claim").single().text("context_hash") shouldBe CanonicalJson.requestHash(ACTION, editedContext)
            }
        }

        test("only a call that says so claims after an unknown outcome") {
            virtually { rig ->
                rig.approve(how = HowToRun(afterUnknown = true)) { }
                rig.broker.named("claim").single().text("after_unknown") shouldBe "true"
            }
        }

        test("a claim without an answer is made again by the same claimant, until it is granted") {
            virtually { rig ->
                rig.broker.onClaim = { if (rig.broker.named("claim").size < 6) throw lost() else ClaimGrant("the token", approval()) }
                rig.approve { "ran" } shouldBe "ran"
                rig.broker.named("claim").map { it.text("claimant") }.toSet() shouldHaveSize 1
            }
        }

        test("a refused claim is final") {
            virtually { rig ->
                rig.broker.onClaim = { throw AlreadyClaimedException("ap_1") }
                shouldThrow<AlreadyClaimedException> { rig.approve { error("never") } }
                rig.broker.named("claim") shouldHaveSize 1
                rig.broker.named("report") shouldHaveSize 0
            }
        }

        test("the caller's time is for asking, waiting and claiming: the block may take longer") {
            virtually { rig ->
                rig.approve(timeout = 1.seconds) {
                    delay(20.minutes)
                    "ran"
                } shouldBe "ran"
                currentTime.milliseconds shouldBe 20.minutes
            }
        }
    })
