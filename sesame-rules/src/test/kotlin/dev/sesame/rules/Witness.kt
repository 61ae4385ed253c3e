package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.Mode
import dev.sesame.internal.CanonicalJson
import io.kotest.assertions.fail
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import java.time.Instant

/**
 * Watches one approval and holds every ruling against the invariants 1 to 4 and 8 of `house.md`.
 *
 * It trusts nothing that the record says about claims: it remembers itself what was granted and which word came back.
 */
internal class Witness {
    /** [afterUnknown]: somebody said that they know of a run without an end, and took it nevertheless. */
    private class Grant(val claim: Claim, var afterUnknown: Boolean, var word: ExecutionState? = null) {
        fun isLive(now: Instant) = word == null && now < claim.leaseUntil

        fun isUnknown(now: Instant) = !isLive(now) &&
            (word == null || word == ExecutionState.UNKNOWN || (word == ExecutionState.FAILED && afterUnknown))
    }

    private var grant: Grant? = null
    private var decisions = 0

    fun sees(before: ApprovalRecord, command: Command, ruling: Ruling, now: Instant) {
        val transition = ruling.transition
        val after = transition?.after ?: before
        must(
            "a refusal changes nothing but what time has ended",
            ruling is Ruling.Granted || transition == null || transition.event == before.endedByTime(now),
        )
        must(
            "a command is judged again only after time has ended the question",
            ruling !is Ruling.TimeFirst || before.endedByTime(now) != null,
        )
        must("every transition is counted", after.version == before.version + if (transition == null) 0 else 1)
        seesPeople(before, command, ruling)
        seesDecision(before, after, transition?.event, now)
        seesVotes(after)
        when (transition?.event) {
            Event.CLAIMED -> seesGrant(after, command as Command.TakeClaim, now)
            Event.RENEWED -> seesRenewal(after, command as Command.TakeClaim, now)
            Event.REPORTED -> seesReport(command as Command.Report)
            Event.SETTLED -> seesSettlement(command as Command.Settle, now)
            else -> after.progress.claim shouldBe before.progress.claim
        }
    }

    private fun seesDecision(before: ApprovalRecord, after: ApprovalRecord, event: Event?, now: Instant) {
        if (event?.isDecision == true) decisions++
        must("1: at most one decision", decisions <= 1)
        must("1: a decision is there when it is decided", (after.progress.decision != null) == after.status.isTerminal)
        val byTime = before.endedByTime(now)
        if (before.status.isTerminal) must("1: a decision never changes", after.decisionParts() == before.decisionParts())
        if (byTime != null) must("2: what time has ended is ended so", event == byTime)
        if (before.status.isTerminal || byTime != null) {
            must("2: no vote counts after the end", after.progress.votes == before.progress.votes)
        }
    }

    /** How time has ended it by [now]; `null` where it was ended before, or isn't over yet. */
    private fun ApprovalRecord.endedByTime(now: Instant): Event? {
        val test = question.test
        return when {
            status.isTerminal -> null
            now >= question.expiresAt -> Event.EXPIRED
            test == null || now < question.createdAt.plusMillis(test.afterMillis) -> null
            else -> if (test.decide == Answer.APPROVE) Event.APPROVED else Event.DENIED
        }
    }

    private fun ApprovalRecord.decisionParts() = listOf(status, progress.decidedAt, progress.validUntil, progress.contextHash) +
        progress.decision?.run { listOf(status, by, via, note, editedContext == null) }.orEmpty()

    private fun seesVotes(after: ApprovalRecord) {
        val votes = after.progress.votes
        must("2: every vote came before the expiry", votes.all { it.at < after.question.expiresAt })
        must("3: one approver, one vote", votes.distinctBy { it.by.id }.size == votes.size)
        must("3: the asker never votes", votes.none { it.by.id == olga.id })
        val approvals = votes.count { it.vote == Answer.APPROVE }
        if (after.question.mode == Mode.TEST) {
            must("8: no person answers a test request", votes.isEmpty() && after.progress.decision?.by == null)
            must(
                "8: only its own answer approves it",
                after.status != ApprovalStatus.APPROVED || after.question.test?.decide == Answer.APPROVE,
            )
        } else if (after.status == ApprovalStatus.APPROVED) {
            must("3: enough people approved, and nobody denied", approvals >= after.question.approvalsRequired && approvals == votes.size)
        }
    }

    private fun seesGrant(after: ApprovalRecord, command: Command.TakeClaim, now: Instant) {
        must("4: what was erased in part never runs", after.question.erasures.isEmpty())
        val earlier = grant
        must("4: only what was approved may run", after.status == ApprovalStatus.APPROVED)
        must("4: and only in time", now < after.progress.validUntil.shouldNotBeNull())
        must("4: the claimed hash is the approved one", command.contextHash == after.effectiveHash())
        must("4: at most one live claim", earlier?.isLive(now) != true)
        must("4: after success none", earlier?.word != ExecutionState.SUCCEEDED)
        must("4: after silence, only who says so", earlier?.isUnknown(now) != true || command.afterUnknown)
        val claim = after.progress.claim.shouldNotBeNull()
        must("4: every grant has its own fence", claim.fence > (earlier?.claim?.fence ?: 0))
        must("4: the claim is the asking call's", claim.claimant == command.claimant)
        grant = Grant(claim, afterUnknown = earlier?.isUnknown(now) == true)
    }

    private fun ApprovalRecord.effectiveHash() =
        CanonicalJson.requestHash(question.action, progress.decision?.editedContext ?: question.context)

    private fun seesRenewal(after: ApprovalRecord, command: Command.TakeClaim, now: Instant) {
        val earlier = grant.shouldNotBeNull()
        must("4: the claimed hash is the approved one", command.contextHash == after.effectiveHash())
        must("4: only a live claim is renewed, by its holder", earlier.isLive(now) && earlier.claim.claimant == command.claimant)
        val claim = after.progress.claim.shouldNotBeNull()
        must("4: it stays the same claim", claim.copy(leaseUntil = earlier.claim.leaseUntil) == earlier.claim)
        must("4: and never gets shorter", claim.leaseUntil >= earlier.claim.leaseUntil)
        grant = Grant(claim, earlier.afterUnknown)
    }

    private fun seesReport(command: Command.Report) {
        val earlier = grant.shouldNotBeNull()
        must("4: only the current holder's word counts", command.fence == earlier.claim.fence)
        must("4: a success is never taken back", earlier.word != ExecutionState.SUCCEEDED)
        earlier.word = command.outcome
    }

    private fun seesSettlement(command: Command.Settle, now: Instant) {
        val earlier = grant.shouldNotBeNull()
        must("4: an admin settles only what ended without a word", earlier.isUnknown(now))
        earlier.word = command.outcome
        earlier.afterUnknown = false
    }
}

internal fun must(rule: String, holds: Boolean) {
    if (!holds) fail(rule)
}
