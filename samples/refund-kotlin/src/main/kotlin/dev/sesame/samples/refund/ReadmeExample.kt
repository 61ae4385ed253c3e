package dev.sesame.samples.refund

import dev.sesame.Sesame
import dev.sesame.contextAs
import dev.sesame.contextOf

/** What README shows. */
internal suspend fun refundWithApproval() {
    val sesame = Sesame() // one for the whole process; key and address come from the environment

    val receipt = sesame.approve(
        "payments.refund",
        summary = "Refund 42.00 to Ana",
        reason = "Item arrived broken (ticket #882)",
        context = contextOf(Refund("ana", cents = 4_200)), // Refund is @Serializable
        dedupKey = "refund-882",
    ) { approval ->
        pay(approval.contextAs<Refund>()) // runs after a yes, at most once
    }
    println("Refunded: $receipt")
}
