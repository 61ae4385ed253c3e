package dev.sesame.rules

import dev.sesame.Person
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray

/**
 * What the receiver is told of a decision, with its [receipt] where there is one. Nothing in it changes after the decision, so that every
 * attempt sends the same bytes, unless values are erased meanwhile.
 */
public fun webhookBody(record: ApprovalRecord, receipt: String? = null): ByteArray {
    val told = record.toldOver(Redaction.WEBHOOK)
    val redacted = record.redactedIn(Redaction.WEBHOOK)
    val question = told.question
    val decision = checkNotNull(told.progress.decision) { "${record.id} is not decided" }
    return buildJsonObject {
        put("type", "approval.${decision.status.value}")
        put("approval_id", record.id)
        put("action", question.action)
        put("status", decision.status.value)
        put("decided_at", record.progress.decidedAt.toString())
        put("requester_label", question.requesterLabel)
        put("dedup_key", question.dedupKey)
        put("mode", question.mode.value)
        put("decided_by", decision.by.toJson())
        put("note", decision.note)
        put("context", question.context)
        put("effective_context", decision.editedContext ?: question.context)
        put("edited", decision.editedContext != null)
        put("request_hash", question.requestHash)
        put("context_hash", record.contextHash)
        if (redacted.isNotEmpty()) putJsonArray("redacted") { redacted.forEach { add(it) } }
        receipt?.let { put("receipt", it) }
    }.toString().toByteArray()
}

private fun Person?.toJson(): JsonElement = if (this == null) {
    JsonNull
} else {
    buildJsonObject {
        put("id", id)
        put("name", name)
    }
}
