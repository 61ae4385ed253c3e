package dev.sesame.rules

import dev.sesame.ApprovalStatus
import dev.sesame.Decision
import dev.sesame.ExecutionState
import dev.sesame.internal.InternalSesameApi
import kotlinx.serialization.json.JsonObject
import java.time.Instant

/** Erases values where nothing can run any more: what runs is always what was approved, whole. */
internal fun redact(record: ApprovalRecord, command: Command.Redact, now: Instant): Ruling {
    record.whyItMayRun(now)?.let { (refusal, why) -> return Ruling.Refused(refusal, fields = listOf(FieldProblem("status", why))) }
    val strangers = command.fields.filter { !record.question.hasErased(it) && !record.holds(it) }
    if (strangers.isNotEmpty() && command.by != null) {
        val named = strangers.joinToString().take(LONGEST_TOLD)
        return Ruling.Refused(Refusal.INVALID, fields = listOf(FieldProblem("fields", "names what is no field of the context: $named")))
    }
    val fresh = command.fields.filter { it !in strangers && !record.question.hasErased(it) }
    if (fresh.isEmpty()) return Ruling.Granted(null)
    val erased = record.without(fresh)
    val question = erased.question.copy(erasures = record.question.erasures + Erasure(fresh, now, command.by))
    return Ruling.Granted(Transition(erased.copy(question = question).next(), Event.REDACTED))
}

/** What a rule wants erased once the approval is over, and isn't yet. */
public val ApprovalRecord.toErase: List<String>
    get() = question.redactions.filter { Redaction.STORED in it.channels }.map { it.field }.distinct()
        .filter { !question.hasErased(it) && holds(it) }

/** From when on [toErase] may be erased; `null` where there is nothing, or something must happen first. */
public val ApprovalRecord.eraseAt: Instant?
    get() = when {
        toErase.isEmpty() || status == ApprovalStatus.PENDING -> null

        status != ApprovalStatus.APPROVED -> progress.decidedAt

        else -> when (progress.execution?.state) {
            ExecutionState.SUCCEEDED -> progress.decidedAt
            null, ExecutionState.FAILED -> progress.validUntil
            else -> null
        }
    }

/** Itself or with all around it. */
private fun Question.hasErased(path: String): Boolean = erased.any { path == it || path.startsWith("$it.") }

private fun ApprovalRecord.whyItMayRun(now: Instant): Pair<Refusal, String>? = when (status) {
    ApprovalStatus.PENDING -> Refusal.NOT_APPROVED to "is pending: $ONLY_WHEN_OVER"

    ApprovalStatus.APPROVED -> when (executionStateAt(now)) {
        ExecutionState.SUCCEEDED -> null

        null, ExecutionState.FAILED ->
            progress.validUntil?.takeIf { now < it }
                ?.let { Refusal.ALREADY_DECIDED to "is approved, and it may run until $it: $ONLY_WHEN_OVER" }

        ExecutionState.CLAIMED -> Refusal.ALREADY_CLAIMED to "is approved, and it is running: $ONLY_WHEN_OVER"

        else -> Refusal.OUTCOME_UNKNOWN to "is approved, and nobody knows whether it ran: settle that first"
    }

    else -> null
}

@OptIn(InternalSesameApi::class)
internal fun Decision.editedBy(change: (JsonObject) -> JsonObject): Decision =
    editedContext?.let { Decision(status, by, via, note, change(it)) } ?: this

private const val ONLY_WHEN_OVER = "values are erased only where nothing can run any more"
private const val LONGEST_TOLD = 200
