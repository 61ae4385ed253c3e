package dev.sesame.checks

import dev.sesame.ApprovalDeniedException
import dev.sesame.Sesame
import dev.sesame.contextAs
import dev.sesame.contextOf
import kotlin.time.Duration.Companion.hours

/** The program that docs/testing.md tests. */
internal class Refunds(private val sesame: Sesame, private val payments: Payments) {
    suspend fun pay(refund: Refund): String = try {
        sesame.approve("payments.refund", context = contextOf(refund), expiresIn = 8.hours) { payments.pay(it.contextAs<Refund>()) }
    } catch (no: ApprovalDeniedException) {
        "not paid: ${no.note ?: "nobody answered"}"
    }
}
