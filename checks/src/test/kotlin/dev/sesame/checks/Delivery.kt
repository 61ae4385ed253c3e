package dev.sesame.checks

import dev.sesame.Approval
import dev.sesame.WebhookEvent
import dev.sesame.WebhookSecret
import dev.sesame.WebhookSigner
import dev.sesame.WebhookVerifier
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** The webhook about an approval as the contract has it, signed here and verified as a receiver does: what a broker's sender would bring. */
internal class Delivery(private val secret: WebhookSecret = WebhookSecret.random()) {
    private val verifier = WebhookVerifier(secret)

    /** With the status that [approval] has, unless a test lies. */
    fun of(approval: Approval, id: String = "msg_${approval.id}", status: String = approval.status.value): WebhookEvent {
        val body = bodyOf(approval, status)
        return verifier.verify(body, WebhookSigner(secret).headers(id, body).mapValues { listOf(it.value) })
    }

    companion object {
        fun bodyOf(approval: Approval, status: String = approval.status.value): ByteArray = buildJsonObject {
            put("type", "approval.$status")
            put("approval_id", approval.id)
            put("action", approval.action)
            put("status", status)
            put("decided_at", approval.decidedAt?.toString())
            put("requester_label", approval.requesterLabel)
            put("dedup_key", approval.dedupKey)
            put("mode", approval.mode.value)
            put("note", approval.decision?.note)
            put("context", approval.context!!)
            put("effective_context", approval.effectiveContext)
            put("edited", approval.decision?.editedContext != null)
            put("request_hash", approval.requestHash)
            put("context_hash", approval.contextHash)
        }.toString().toByteArray()
    }
}
