package dev.sesame.broker.audit

import dev.sesame.Vote
import dev.sesame.internal.CanonicalJson
import dev.sesame.internal.InternalSesameApi
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Event
import dev.sesame.rules.Progress
import dev.sesame.rules.Transition
import dev.sesame.rules.erased
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray

/** What the audit keeps of [transition]; [question] and [progress] are the approval after it, as the store keeps it. */
internal fun approvalFact(transition: Transition, question: JsonObject, progress: JsonObject): Fact {
    val record = transition.after
    val details = buildJsonObject {
        put("action", record.question.action)
        put("mode", record.question.mode.value)
        put("requester_id", record.question.requesterId)
        put("status", record.status.value)
        put("request_hash", record.question.requestHash)
        put("context_hash", record.contextHash)
        put("state_hash", stateHash(question, progress))
        putWho(transition)
        record.progress.execution?.let { put("execution", it.state.value) }
        if (record.question.erasures.isNotEmpty()) putErased(record)
    }
    return Fact("approval.${transition.event.name.lowercase()}", details, record.id, record.version)
}

/** What is left of contexts from which values were erased: from now on they are held against these hashes, and against no other. */
@OptIn(InternalSesameApi::class)
private fun JsonObjectBuilder.putErased(record: ApprovalRecord) {
    val action = record.question.action
    putJsonArray("redacted") { record.question.erased.forEach { add(it) } }
    put("redacted_by", record.question.erasures.last().by ?: "rule")
    put(LEFT_HASH, CanonicalJson.requestHash(action, record.question.context))
    record.progress.decision?.editedContext?.let { put(LEFT_EDITED_HASH, CanonicalJson.requestHash(action, it)) }
}

/** The hash of action and context as they are kept, where values of it were erased. */
internal const val LEFT_HASH = "left_hash"

/** The same of the context as an approver changed it. */
internal const val LEFT_EDITED_HASH = "left_edited_hash"

/** Who did it, where a person did: what others did before has entries of its own. */
private fun JsonObjectBuilder.putWho(transition: Transition) {
    val progress = transition.after.progress
    when (transition.event) {
        Event.EXTENDED -> put("by", progress.extensions.last().by.id)
        Event.SETTLED -> progress.settledBy?.let { put("by", it.id) }
        Event.VOTED, Event.APPROVED, Event.DENIED -> progress.votes.lastOrNull()?.let(::putVote) ?: putVia(progress)
        else -> if (transition.event.isDecision) putVia(progress)
    }
}

private fun JsonObjectBuilder.putVote(vote: Vote) {
    put("by", vote.by.id)
    put("vote", vote.vote.value)
    put("via", vote.via)
}

private fun JsonObjectBuilder.putVia(progress: Progress) {
    progress.decision?.via?.let { put("via", it) }
}

/**
 * A hash of all that the store keeps of an approval but the context, which has hashes of its own: so a context can be taken out later, and
 * anything else that is changed behind the broker's back shows.
 */
@OptIn(InternalSesameApi::class)
internal fun stateHash(question: JsonObject, progress: JsonObject): String {
    val decision = (progress["decision"] as? JsonObject)?.let { JsonObject(it - "edited_context") }
    val bare = if (decision == null) progress else JsonObject(progress + ("decision" to decision))
    return sha256(
        CanonicalJson.of(
            buildJsonObject {
                put("question", JsonObject(question - "context"))
                put("progress", bare)
            },
        ),
    )
}
