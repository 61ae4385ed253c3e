package dev.sesame.checks

import dev.sesame.Approval
import dev.sesame.ApprovalDeniedException
import dev.sesame.ApprovalExpiredException
import dev.sesame.ApprovalRequest
import dev.sesame.ApprovalStatus
import dev.sesame.ApprovalTimeoutException
import dev.sesame.Approvers
import dev.sesame.ExecutionUnknownException
import dev.sesame.Gate
import dev.sesame.Sesame
import dev.sesame.SesameConfig
import dev.sesame.SesameListener
import dev.sesame.TestDecision
import dev.sesame.context
import dev.sesame.contextAs
import dev.sesame.contextOf
import dev.sesame.gate
import kotlinx.coroutines.flow.toList
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.put
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

// What docs/kotlin.md shows, compiled, and run by KotlinPageTest.

@Serializable
internal class Refund(val customer: String, val cents: Long, val currency: String = "EUR")

/** The payment provider of these examples. */
internal class Payments {
    val paid = mutableListOf<Refund>()

    fun pay(refund: Refund): String {
        paid += refund
        return "re_${paid.size}"
    }

    fun hasPaid(customer: String): Boolean = paid.any { it.customer == customer }
}

internal class NotSent : RuntimeException()

internal fun client(key: String, url: String): Sesame {
    val sesame = Sesame {
        apiKey = key
        brokerUrl = url
        cancelOnAbandon = true
    }
    return sesame
}

internal suspend fun approveExample(sesame: Sesame, payments: Payments): String {
    val receipt = sesame.approve(
        "payments.refund",
        summary = "Refund 42.00 to Ana",
        reason = "Item arrived broken (ticket #882)",
        context = contextOf(Refund("ana", cents = 4_200)),
        dedupKey = "refund-882",
        expiresIn = 8.hours,
        validFor = 30.minutes,
        requestedBy = "support-bot for Kim",
        riskScore = 0.2,
    ) { approval ->
        payments.pay(approval.contextAs<Refund>())
    }
    return receipt
}

internal suspend fun outcomeExample(sesame: Sesame, refund: Refund, payments: Payments): String {
    val answer = try {
        sesame.approve("payments.refund", context = contextOf(refund), timeout = 10.minutes) { approval ->
            payments.pay(approval.contextAs<Refund>())
        }
    } catch (expired: ApprovalExpiredException) {
        "nobody answered until ${expired.approval.expiresAt}"
    } catch (denied: ApprovalDeniedException) {
        "no: ${denied.note ?: "without a word"}"
    } catch (later: ApprovalTimeoutException) {
        "still open: ${later.approvalId}"
    }
    return answer
}

internal suspend fun triggerExample(sesame: Sesame, remember: (String) -> Unit): Approval {
    val pending = sesame.trigger(
        "payments.refund",
        summary = "Refund 42.00 to Ana",
        context = contextOf(Refund("ana", cents = 4_200)),
        dedupKey = "refund-883",
    )
    remember(pending.id) // on the broker's disk already; nobody has to wait for it here

    val now = pending.poll() // as it stands, maybe pending
    val soon = pending.poll(timeout = 5.seconds) // the same, after at most 5 s
    val decided = pending.await() // ended, one way or another: look at its status
    check(now.id == soon.id)
    return decided
}

internal suspend fun attachExample(sesame: Sesame, id: String, payments: Payments): String {
    val receipt = sesame.attach(id).run { approval -> payments.pay(approval.contextAs<Refund>()) }
    return receipt
}

internal suspend fun takeBackExample(sesame: Sesame, id: String): Approval {
    val withdrawn = sesame.attach(id).cancel()
    return withdrawn
}

internal suspend fun listExample(sesame: Sesame): List<Approval> {
    val open = sesame.approvals(status = ApprovalStatus.PENDING, action = "payments.refund").toList()
    return open
}

internal suspend fun gateExample(sesame: Sesame, payments: Payments): String {
    val refund: Gate<Refund, String> = sesame.gate(
        "payments.refund",
        summary = { "Refund ${it.cents} cents to ${it.customer}" },
    ) { approved: Refund -> payments.pay(approved) }

    return refund(Refund("ana", cents = 4_200), dedupKey = "refund-884")
}

internal fun contextExample(): JsonObject {
    val context = context {
        put("customer", "ana")
        put("cents", 4_200)
        put("iban", "DE89370400440532013000") // long digits go as text
    }
    return context
}

internal suspend fun safeToRetryExample(sesame: Sesame, send: suspend (Refund) -> String): String {
    val receipt = sesame.approve(
        "payments.refund",
        context = contextOf(Refund("ana", cents = 4_200)),
        dedupKey = "refund-885",
        safeToRetry = { it is NotSent },
    ) { approval ->
        send(approval.contextAs<Refund>())
    }
    return receipt
}

internal suspend fun unknownExample(sesame: Sesame, request: ApprovalRequest, payments: Payments): String {
    val receipt = try {
        sesame.approve(request) { payments.pay(it.contextAs<Refund>()) }
    } catch (unknown: ExecutionUnknownException) {
        if (payments.hasPaid("ana")) {
            "paid by an earlier run: an admin settles ${unknown.approvalId}"
        } else {
            sesame.approve(request, afterUnknown = true) { payments.pay(it.contextAs<Refund>()) }
        }
    }
    return receipt
}

internal suspend fun answerExample(token: String, url: String): List<Approval> {
    val answered = Approvers(token) { brokerUrl = url }.use { approvers ->
        approvers.pending().toList().map { approvers.approve(it.id, note = "within the limit") }
    }
    return answered
}

internal suspend fun testExample(key: String, url: String, payments: Payments): String {
    val sesame = Sesame {
        apiKey = key // sk_test_…
        brokerUrl = url
        allowTestMode = true
    }
    val request = ApprovalRequest(
        "payments.refund",
        context = contextOf(Refund("ana", cents = 4_200)),
        test = TestDecision.approve(after = 2.seconds, note = "fine"),
    )
    val receipt = sesame.approve(request) { approval -> payments.pay(approval.contextAs<Refund>()) }
    sesame.close()
    return receipt
}

internal fun SesameConfig.countRetries(count: () -> Unit) {
    listener = object : SesameListener {
        override fun retried(reason: String, delay: Duration): Unit = count()
    }
}
