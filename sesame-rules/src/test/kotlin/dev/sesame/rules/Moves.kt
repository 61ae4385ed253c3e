package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ExecutionState
import dev.sesame.Person
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.time.Duration

internal val lease: Duration = Duration.ofSeconds(60)

/** Everything that anybody may try on a record of [State]. */
internal enum class Move(val command: Command) {
    APPROVE(vote(bob, Answer.APPROVE)),
    DENY(vote(bob, Answer.DENY)),
    ASKER_APPROVES(vote(olga, Answer.APPROVE)),
    ASKER_DENIES(vote(olga, Answer.DENY)),
    STRANGER_APPROVES(vote(zoe, Answer.APPROVE)),
    STRANGER_DENIES(vote(zoe, Answer.DENY)),
    EDITS(edit(bob, refundOf(21).context)),
    EDITS_ELSE(edit(bob, JsonObject(refund.context + ("to" to JsonPrimitive("me"))))),
    EXTENDS(extend(bob, Duration.ofHours(2))),
    STRANGER_EXTENDS(extend(zoe, Duration.ofHours(2))),
    ADMIN_EXTENDS(extend(zoe, Duration.ofHours(2), isAdmin = true)),
    EXTENDS_TOO_FAR(extend(bob, Duration.ofHours(24))),
    SHORTENS(extend(bob, Duration.ofMinutes(30))),
    CANCEL(Command.Cancel),
    EXPIRE(Command.Expire),
    ESCALATE(Command.Escalate),
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
    REDACTS(redact("amount")),
    REDACTS_ELSE(redact("iban")),
    RULE_REDACTS(redact("iban", by = null)),
}

internal fun vote(by: Person, answer: Answer, note: String? = null, electorate: Electorate = staff): Command =
    Command.CastVote(by, answer, "inbox", note, asker = olga.id, electorate)

internal fun edit(by: Person, context: JsonObject): Command =
    Command.CastVote(by, Answer.APPROVE, "inbox", note = null, asker = olga.id, staff, context)

/** Until so long after noon, at most a day after it was asked. */
internal fun extend(by: Person, after: Duration, isAdmin: Boolean = false): Command =
    Command.Extend(by, noon + after, Duration.ofDays(1), asker = olga.id, staff, isAdmin)

internal fun redact(vararg fields: String, by: String? = ann.id): Command = Command.Redact(fields.toList(), by)

internal fun claim(claimant: String, afterUnknown: Boolean = false): Command =
    Command.TakeClaim(claimant, lease, refund.requestHash, afterUnknown)

internal fun report(outcome: ExecutionState, fence: Int? = FENCE): Command = Command.Report(fence, outcome, "it said so")
