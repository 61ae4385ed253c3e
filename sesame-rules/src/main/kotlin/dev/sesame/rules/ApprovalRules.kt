package dev.sesame.rules

import dev.sesame.ApprovalStatus
import java.time.Instant

/**
 * What may happen to an approval, and when: (record, command, now) to a ruling. No I/O, no clock, no randomness.
 *
 * At most one decision, never changed; no vote counts after the decision or the expiry; at most one live claim, none after success. What
 * time decides is judged before any command, so that a late vote ends the question instead of deciding it.
 */
public object ApprovalRules {
    /**
     * Opens [question], or finds that [existing], under the same dedup key, already stands for it. What [policy] permits or denies is decided
     * with the asking, but permits nothing of which the caller says who must approve; what stands already, it doesn't touch.
     */
    public fun open(question: Question, existing: ApprovalRecord?, now: Instant, policy: PolicyRuling = PolicyRuling.NO_RULE): Ruling {
        if (existing == null || existing.status == ApprovalStatus.CANCELLED) {
            val opened = Transition(ApprovalRecord(question, Progress(), version = 1), Event.OPENED)
            val decided = if (policy.asks(question)) null else opened.after.decidedByPolicy(policy, now)?.copy(before = opened)
            return Ruling.Granted(decided ?: opened)
        }
        val timely = existing.decidedByTime(now)
        return if (question.asksTheSameAs(existing.question)) Ruling.Granted(timely) else Ruling.Refused(Refusal.DEDUP_CONFLICT, timely)
    }

    /** Judges [command] on [record] at [now]. */
    public fun judge(record: ApprovalRecord, command: Command, now: Instant): Ruling {
        val timely = record.decidedByTime(now) ?: return judgeInTime(record, command, now)
        val ruling = judgeInTime(timely.after, command, now)
        return when {
            ruling is Ruling.Refused -> Ruling.Refused(ruling.refusal, timely)
            ruling.transition == null -> Ruling.Granted(timely)
            else -> Ruling.TimeFirst(timely)
        }
    }

    private fun judgeInTime(record: ApprovalRecord, command: Command, now: Instant): Ruling = when (command) {
        is Command.CastVote -> castVote(record, command, now)
        Command.Cancel -> cancel(record, now)
        is Command.Extend -> extend(record, command, now)
        Command.Expire -> Ruling.Granted(null)
        Command.Escalate -> escalate(record, now)
        is Command.TakeClaim -> takeClaim(record, command, now)
        is Command.Report -> report(record, command, now)
        is Command.Settle -> settle(record, command, now)
        is Command.Redact -> redact(record, command, now)
    }
}
