package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ExecutionState
import dev.sesame.Person
import java.time.Duration

internal val lease: Duration = Duration.ofSeconds(60)

/** Everything that anybody may try on a record of [State]. */
internal enum class Move(val command: Command) {
    APPROVE(vote(bob, Answer.APPROVE)),
    DENY(vote(bob, Answer.DENY)),
    ASKER_APPROVES(vote(olga, Answer.APPROVE)),
    ASKER_DENIES(vote(olga, Answer.DENY)),
    CANCEL(Command.Cancel),
    EXPIRE(Command.Expire),
    CLAIM(claim(HOLDER)),
    ANOTHER_CLAIMS(claim(STRANGER)),
    WRONG_HASH(Command.TakeClaim(HOLDER, lease, refundOf(21).requestHash)),
    AFTER_UNKNOWN(claim(HOLDER, afterUnknown = true)),
    ANOTHER_AFTER(claim(STRANGER, afterUnknown = true)),
    SUCCEEDED(report(ExecutionState.SUCCEEDED)),
    FAILED(report(ExecutionState.FAILED)),
    UNKNOWN(report(ExecutionState.UNKNOWN)),
    VOID_TOKEN(report(ExecutionState.SUCCEEDED, FENCE - 1)),
    NO_TOKEN(report(ExecutionState.SUCCEEDED, fence = null)),
    SETTLE_SUCCEEDED(Command.Settle(ExecutionState.SUCCEEDED)),
    SETTLE_FAILED(Command.Settle(ExecutionState.FAILED)),
    SETTLE_UNKNOWN(Command.Settle(ExecutionState.UNKNOWN)),
}

internal fun vote(by: Person, answer: Answer, note: String? = null): Command = Command.CastVote(by, answer, "inbox", note, asker = olga.id)

internal fun claim(claimant: String, afterUnknown: Boolean = false): Command =
    Command.TakeClaim(claimant, lease, refund.requestHash, afterUnknown)

internal fun report(outcome: ExecutionState, fence: Int? = FENCE): Command = Command.Report(fence, outcome, "it said so")
