package dev.sesame.rules

import dev.sesame.ExecutionState
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import java.time.Duration
import java.time.Instant

private const val OTHER = "claimant-of-a-third-call"

private fun ApprovalRecord.judged(command: Command, now: Instant) = Outcome.of(ApprovalRules.judge(this, command, now))

private fun ApprovalRecord.after(command: Command, now: Instant) =
    ApprovalRules.judge(this, command, now).transition.shouldNotBeNull().after

/** How long a claim holds, and which words count after it. */
class LeaseTest :
    FunSpec({
        val leaseUntil = noon.plusSeconds(30)
        val running = claimed(leaseUntil)

        test("the end of the lease is already too late to renew it") {
            running.judged(claim(HOLDER), leaseUntil.minusNanos(1)) shouldBe Outcome(Event.RENEWED, null)
            running.judged(claim(HOLDER), leaseUntil) shouldBe Outcome(null, Refusal.OUTCOME_UNKNOWN)
            running.judged(claim(STRANGER), leaseUntil.minusNanos(1)) shouldBe Outcome(null, Refusal.ALREADY_CLAIMED)
            running.judged(claim(STRANGER), leaseUntil) shouldBe Outcome(null, Refusal.OUTCOME_UNKNOWN)
        }

        test("renewing never shortens the lease") {
            val brief = Command.TakeClaim(HOLDER, Duration.ofSeconds(10), refund.requestHash)
            running.after(brief, noon).progress.claim shouldBe Claim(HOLDER, FENCE, leaseUntil)
        }

        test("the end of the validity is already too late to claim, but not to renew") {
            val validUntil = approved().progress.validUntil.shouldNotBeNull()
            approved().judged(claim(HOLDER), validUntil.minusNanos(1)) shouldBe Outcome(Event.CLAIMED, null)
            approved().judged(claim(HOLDER), validUntil) shouldBe Outcome(null, Refusal.APPROVAL_LAPSED)
            claimed(leaseUntil, validForSeconds = 599).judged(claim(HOLDER), noon) shouldBe Outcome(Event.RENEWED, null)
        }

        test("past the validity nothing that ended may be claimed again") {
            val failed = ended(ExecutionState.FAILED, validForSeconds = 599)
            failed.judged(claim(STRANGER), noon) shouldBe Outcome(null, Refusal.APPROVAL_LAPSED)
            val unknown = ended(ExecutionState.UNKNOWN, validForSeconds = 599)
            unknown.judged(claim(HOLDER, afterUnknown = true), noon) shouldBe Outcome(null, Refusal.APPROVAL_LAPSED)
        }

        test("a late outcome counts as long as nobody was given a newer claim") {
            val late = leaseUntil.plusSeconds(600)
            running.judged(report(ExecutionState.SUCCEEDED), late) shouldBe Outcome(Event.REPORTED, null)
            val taken = running.after(claim(STRANGER, afterUnknown = true), late)
            taken.judged(report(ExecutionState.SUCCEEDED), late) shouldBe Outcome(null, Refusal.CLAIM_LOST)
            taken.judged(report(ExecutionState.SUCCEEDED, FENCE + 1), late) shouldBe Outcome(Event.REPORTED, null)
        }

        test("after a failed run another call holds a new claim, and the old token is void") {
            val again = running.after(report(ExecutionState.FAILED), noon).after(claim(STRANGER), noon)
            again.progress.claim shouldBe Claim(STRANGER, FENCE + 1, noon + lease)
            again.judged(report(ExecutionState.SUCCEEDED), noon) shouldBe Outcome(null, Refusal.CLAIM_LOST)
        }

        test(
            "a run taken after an unknown one that did nothing leaves it unknown: nobody runs it again without saying so, unless an admin knows",
        ) {
            val taken = running.after(claim(STRANGER, afterUnknown = true), leaseUntil)
            val nothing = report(ExecutionState.FAILED, FENCE + 1)
            val unknown = taken.after(nothing, leaseUntil)
            unknown.progress.execution?.state shouldBe ExecutionState.UNKNOWN
            unknown.judged(nothing, leaseUntil) shouldBe Outcome(null, null)
            unknown.judged(claim(OTHER), leaseUntil) shouldBe Outcome(null, Refusal.OUTCOME_UNKNOWN)
            val again = unknown.after(claim(HOLDER, afterUnknown = true), leaseUntil)
            again.after(report(ExecutionState.FAILED, FENCE + 2), leaseUntil).progress.execution?.state shouldBe ExecutionState.UNKNOWN
            val settled = unknown.after(Command.Settle(ExecutionState.FAILED), leaseUntil)
            settled.judged(nothing, leaseUntil) shouldBe Outcome(null, null)
            settled.judged(claim(OTHER), leaseUntil) shouldBe Outcome(Event.CLAIMED, null)
        }

        test("a claim or renewal that comes after its own call said that nothing was done opens no new run") {
            val failed = running.after(report(ExecutionState.FAILED), noon)
            failed.judged(claim(HOLDER), noon) shouldBe Outcome(null, Refusal.CLAIM_LOST)
        }

        test("who settled it is kept until it runs again or its own caller says more") {
            val unknown = running.after(report(ExecutionState.UNKNOWN), noon)
            val settled = unknown.after(Command.Settle(ExecutionState.FAILED, by = bob), noon)
            settled.progress.settledBy shouldBe bob
            settled.after(report(ExecutionState.SUCCEEDED), noon).progress.settledBy shouldBe null
        }

        test("an outcome that an admin set can't be turned into another by the holder's late word, once it is a success") {
            val settled = running.after(Command.Settle(ExecutionState.SUCCEEDED), leaseUntil)
            settled.judged(report(ExecutionState.FAILED), leaseUntil) shouldBe Outcome(null, Refusal.ALREADY_EXECUTED)
            settled.judged(report(ExecutionState.SUCCEEDED), leaseUntil) shouldBe Outcome(null, null)
        }
    })
