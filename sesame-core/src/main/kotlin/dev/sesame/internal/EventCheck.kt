package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalStatus
import dev.sesame.ProtocolException
import dev.sesame.WebhookEvent
import kotlin.time.Duration.Companion.seconds

/** The broker's word counts, not the event's: what will be claimed is what the event tells of, or nothing runs. */
internal object EventCheck {
    /** Senders give up after 15 s; then they come again. */
    val CLAIM_WITHIN = 10.seconds

    fun check(event: WebhookEvent, approval: Approval, atLeastOnce: Boolean) {
        val id = approval.id
        if (approval.status != ApprovalStatus.APPROVED) {
            throw ProtocolException("$id: the webhook says approved, the broker ${approval.status}")
        }
        Asked.ensureWhole(approval)
        if (approval.action != event.action || approval.mode != event.mode) {
            throw ProtocolException("$id: the webhook tells of another action or mode than the broker")
        }
        if (event.redacted.isNotEmpty() && approval.context == null) {
            throw ProtocolException("$id was not run: the webhook is redacted, and the broker doesn't tell the context")
        }
        if (tellsContext(approval) && Asked.effectiveHash(approval) != event.effectiveHash()) {
            throw ProtocolException("$id: the webhook tells of another context than the broker")
        }
        if (approval.claim != CLAIMED && !atLeastOnce) {
            throw ProtocolException("$id was not run: this broker hands out no claims, so that it might run twice; or set atLeastOnce")
        }
    }

    /** [event] with nothing left out, once [approval], which [check] let pass, is the one that was granted. */
    fun whole(event: WebhookEvent, approval: Approval): WebhookEvent {
        if (event.redacted.isEmpty()) return event
        val asked = approval.context ?: throw ProtocolException("${approval.id} was not run: the broker doesn't tell its context")
        return event.whole(asked, approval.effectiveContext)
    }

    private fun tellsContext(approval: Approval) = approval.context != null || approval.decision?.editedContext != null

    private const val CLAIMED = "required"
}
