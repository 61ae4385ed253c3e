package dev.sesame.broker.delivery

import dev.sesame.broker.access.CannotUnseal
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.DeliveryStore
import dev.sesame.broker.store.EndpointStore
import dev.sesame.broker.store.Next
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.webhookBody
import java.time.Instant
import java.time.InstantSource
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.TimeSource
import kotlin.time.toJavaDuration

/** One attempt: signs, sends, stores what came of it and when it goes on. An endpoint that is gone, or failed for days, is disabled. */
internal class AttemptDelivery(
    private val approvals: ApprovalStore,
    private val deliveries: DeliveryStore,
    private val endpoints: EndpointStore,
    private val signatures: Signatures,
    private val sender: Sender,
    private val schedule: RetrySchedule,
    private val clock: InstantSource,
    /** The signed proof of the decision, where there is one. */
    private val receiptOf: suspend (ApprovalRecord) -> String?,
    private val time: TimeSource = TimeSource.Monotonic,
    private val ended: (DeliveryState) -> Unit = {},
) {
    /** What the receiver answered; when it returns, that is on disk. `null` where the approval is forgotten, with all its deliveries. */
    suspend fun attempt(delivery: Delivery, until: Instant): Tried? {
        val record = approvals.find(delivery.approvalId) ?: return null
        val at = clock.instant()
        val begun = time.markNow()
        val sent = send(delivery, webhookBody(record, receiptOf(record)), at)
        val took = begun.elapsedNow()
        val attempt = Attempt(at, took.inWholeMilliseconds, sent.status, sent.failure, sent.answer.beginning())
        val next = next(delivery, sent)
        val failingSince = deliveries.record(delivery, until, attempt, next)
        ended(next.state)
        delivery.endpointId?.let { disableWhereHopeless(it, sent, failingSince) }
        return Tried(sent, took)
    }

    private suspend fun send(delivery: Delivery, body: ByteArray, at: Instant): Sent {
        val endpoint = delivery.endpointId?.let { endpoints.endpoint(it) }
        val headers = try {
            signatures.headers(delivery.id, at, body, endpoint)
        } catch (problem: CannotUnseal) {
            return Sent(null, problem.message, "", null)
        }
        return sender.send(delivery.url, headers, body)
    }

    private fun next(delivery: Delivery, sent: Sent): Next {
        if (sent.status != null && sent.status / 100 == 2) return Next(DeliveryState.DELIVERED, null)
        val wait = if (sent.status == GONE) null else schedule.nextAfter(delivery.failures + 1, sent.retryAfter)
        return if (wait == null) Next(DeliveryState.FAILED, null) else Next(DeliveryState.PENDING, clock.instant() + wait.toJavaDuration())
    }

    private suspend fun disableWhereHopeless(endpointId: String, sent: Sent, failingSince: Instant?) {
        val now = clock.instant()
        when {
            sent.status == GONE -> endpoints.disable(endpointId, now, "the receiver answered 410: it wants no more of these")

            failingSince != null && now >= failingSince + HOPELESS.toJavaDuration() ->
                endpoints.disable(endpointId, now, "every attempt since $failingSince failed, the last one with ${sent.inWords()}")
        }
    }

    private fun Sent.inWords() = failure ?: "status $status"

    private companion object {
        const val GONE = 410

        /** After so long with nothing but failures, a person must look. */
        val HOPELESS = 5.days
    }
}

/** What the receiver answered, and how long that took it. */
internal class Tried(val sent: Sent, val took: Duration)

/** As much of an answer as is kept, cut between two characters; NUL, which not every database takes, is shown as what it is. */
private fun String.beginning(): String {
    val bytes = replace('\u0000', '\uFFFD').toByteArray()
    if (bytes.size <= KEPT_BYTES) return String(bytes)
    val end = (KEPT_BYTES downTo 0).first { bytes[it].toInt() and 0b1100_0000 != 0b1000_0000 }
    return String(bytes, 0, end)
}

private const val KEPT_BYTES = 2_048
