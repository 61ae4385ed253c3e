package dev.sesame.checks

import dev.sesame.Sesame
import dev.sesame.contextAs
import dev.sesame.contextOf

// What docs/guarantees.md shows of an effect that can be looked for, compiled.

/** A payment provider that does the same order under the same key only once. */
internal fun interface Provider {
    fun refund(refund: Refund, idempotencyKey: String): String
}

internal suspend fun idempotentRefund(sesame: Sesame, provider: Provider, refund: Refund, orderId: String): String =
    sesame.approve("payments.refund", context = contextOf(refund), dedupKey = orderId) { approval ->
        provider.refund(approval.contextAs(), idempotencyKey = approval.id)
    }
