package dev.sesame.bench.webhooks

import dev.sesame.bench.PlainHttp
import dev.sesame.bench.Reply
import dev.sesame.bench.text
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** Every decision that the broker acknowledged, and every webhook that came. */
internal class Decided {
    private val arrivals = ConcurrentHashMap<String, ConcurrentLinkedQueue<Arrival>>()
    private val acknowledged = ConcurrentLinkedQueue<Decision>()

    val all: List<Decision> get() = acknowledged.toList()

    fun acknowledged(approvalId: String, receiver: Receiver, sentAt: Long) {
        acknowledged += Decision(approvalId, receiver, sentAt, arrivalsOf(approvalId))
    }

    fun arrived(approvalId: String, webhookId: String, at: Long) {
        arrivalsOf(approvalId) += Arrival(webhookId, at)
    }

    /** A webhook may be here before the answer to the decision is. */
    private fun arrivalsOf(approvalId: String) = arrivals.computeIfAbsent(approvalId) { ConcurrentLinkedQueue() }
}

internal class Arrival(val webhookId: String, val at: Long)

/** One decision, sent to the broker at [sentAt] and acknowledged by it. */
internal class Decision(
    private val approvalId: String,
    val receiver: Receiver,
    private val sentAt: Long,
    private val came: Collection<Arrival>,
) {
    val arrivals: Int get() = came.size
    val ids: Set<String> get() = came.map { it.webhookId }.toSet()
    val arrivedAt: Long get() = came.minOfOrNull { it.at } ?: 0

    /** From the call that decided, the commit on disk included, to the first webhook; `null` where none came. */
    val toFirstAttempt: Duration? get() = came.minOfOrNull { it.at }?.let { (it - sentAt).nanoseconds }

    fun isOwedBy(admin: PlainHttp): Boolean {
        val page = (admin.get("/v1/admin/deliveries?approval_id=$approvalId") as? Reply.Done)?.body ?: return false
        return page.getValue("deliveries").jsonArray.single().jsonObject.text("state") == "pending"
    }
}
