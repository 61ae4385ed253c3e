package dev.sesame.broker.inbox

import dev.sesame.ApprovalStatus
import dev.sesame.broker.delivery.Delivery
import dev.sesame.broker.notice.Notice
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.DeliveryQuery
import dev.sesame.broker.store.DeliveryStore
import dev.sesame.broker.store.NoticeStore
import dev.sesame.rules.ApprovalRecord
import java.time.Instant

/** What the broker sent about one request, or has yet to send: notices to approvers, deliveries to programs. */
internal class Correspondence(
    /** The newest, oldest first. */
    val notices: List<Notice>,
    val deliveries: List<Delivery>,
    private val names: Map<String, String>,
) {
    /** There may be more notices. */
    val isCut: Boolean get() = notices.size >= MOST_NOTICES

    /** When something of it is to be sent next; `null` where nothing is. */
    val dueAt: Instant? get() = (notices.mapNotNull { it.nextAt } + deliveries.mapNotNull { it.nextAt }).minOrNull()

    fun nameOf(approverId: String): String = names[approverId] ?: "somebody"

    companion object {
        const val MOST_NOTICES = 200
        const val MOST_DELIVERIES = 20
    }
}

/** Collects it. */
internal class ReadCorrespondence(
    private val notices: NoticeStore,
    private val deliveries: DeliveryStore,
    private val access: AccessStore,
) {
    suspend fun about(record: ApprovalRecord): Correspondence {
        val told = notices.noticesOf(record.id, Correspondence.MOST_NOTICES)
        val names = if (told.isEmpty()) emptyMap() else access.approvers().associate { it.id to it.name }
        val query = DeliveryQuery(approvalId = record.id, limit = Correspondence.MOST_DELIVERIES)
        val sent = if (record.status == ApprovalStatus.PENDING) emptyList() else deliveries.deliveries(query)
        return Correspondence(told, sent, names)
    }
}
