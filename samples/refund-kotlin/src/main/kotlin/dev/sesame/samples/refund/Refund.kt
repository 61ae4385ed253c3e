package dev.sesame.samples.refund

import dev.sesame.ApprovalDeniedException
import dev.sesame.Sesame
import dev.sesame.SesameException
import dev.sesame.contextAs
import dev.sesame.contextOf
import kotlinx.serialization.Serializable
import java.time.Duration
import java.time.Instant
import kotlin.system.exitProcess

@Serializable
internal class Refund(val customer: String, val cents: Long)

/** Stands for the payment provider: the thing that must not happen without a yes. */
internal fun pay(refund: Refund): String = "re_${refund.customer}_${refund.cents}"

internal suspend fun main() {
    try {
        Sesame().use { sesame -> askAndRefund(sesame) }
    } catch (problem: SesameException) {
        System.err.println("refund: ${problem.message}")
        exitProcess(1)
    }
}

private suspend fun askAndRefund(sesame: Sesame) {
    println("Asking for a refund of 42.00 to Ana, and waiting (no thread is held)…")
    var decidedAt = Instant.MAX
    try {
        val receipt = sesame.approve(
            "payments.refund",
            summary = "Refund 42.00 to Ana",
            reason = "Item arrived broken (ticket #882)",
            context = contextOf(Refund("ana", 4_200)),
        ) { approval ->
            decidedAt = approval.decidedAt ?: decidedAt
            println(
                "Approved by ${approval.decision?.by}; resumed ${Duration.between(
                    decidedAt,
                    Instant.now(),
                ).toMillis()} ms after the decision.",
            )
            pay(approval.contextAs<Refund>())
        }
        println("Refunded: $receipt")
    } catch (denied: ApprovalDeniedException) {
        println("Nothing was paid: ${denied.message}")
    }
}
