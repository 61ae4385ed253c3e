package dev.sesame.broker.notice

import dev.sesame.ApprovalStatus
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.NoticeStore
import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.rules.ApprovalRecord
import kotlinx.coroutines.CancellationException
import org.slf4j.LoggerFactory
import java.time.InstantSource

/** Takes what is next for one contact: one thing to answer, or many together as one, and beside it one thing that is over. */
internal class TellContact(
    private val channel: Channel,
    private val notices: NoticeStore,
    private val approvals: ApprovalStore,
    private val clock: InstantSource,
    private val settle: suspend (List<Notice>, Told) -> Unit,
) {
    suspend fun next(address: String) {
        val due = notices.due(channel.name, address, clock.instant(), MOST_LOOKED_AT)
        val contact = notices.contact(channel.name, address)
        val (own, others) = due.partition { it.contact == contact }
        if (others.isNotEmpty()) settle(others, Told.Dropped("unlinked"))
        val (asking, over) = own.partition { it.kind.asksForAnswer }
        // What is to be answered first: people wait for it. But one of each, so that neither kind starves the other.
        if (asking.isNotEmpty()) ask(asking)
        over.firstOrNull()?.let { alone(it) }
    }

    private suspend fun ask(due: List<Notice>) {
        due.firstOrNull { it.kind == NoticeKind.SHOWN }?.let { return alone(it) }
        val asked = due.distinctBy { it.approvalId }
        val doubles = due - asked.toSet()
        if (doubles.isNotEmpty()) settle(doubles, Told.Dropped("told with another notice"))
        if (asked.size > MOST_ALONE) together(asked) else alone(asked.first())
    }

    private suspend fun alone(notice: Notice) {
        val record = approvals.find(notice.approvalId) ?: return settle(listOf(notice), Told.Dropped("forgotten"))
        val isUseless = notice.kind.asksForAnswer && notice.kind != NoticeKind.SHOWN && !record.waitsFor(notice.contact)
        settle(listOf(notice), if (isUseless) Told.Dropped("nothing left to answer") else told { channel.tell(notice, record) })
    }

    private suspend fun together(asked: List<Notice>) {
        val shown = asked.take(MOST_SHOWN).mapNotNull { approvals.find(it.approvalId) }.filter { it.waitsFor(asked.first().contact) }
        val more = asked.size - minOf(asked.size, MOST_SHOWN)
        settle(asked, told { channel.tellTogether(asked.first().contact, shown, more) })
    }

    /** A channel says by its answer what went wrong. Where it throws, that is a fault of ours, and must not be tried without end. */
    private suspend fun told(tell: suspend () -> Told): Told = try {
        tell()
    } catch (problem: CancellationException) {
        throw problem
    } catch (problem: StoreUnavailable) {
        throw problem
    } catch (problem: Exception) {
        log.error("A notice failed by a fault of the broker", problem)
        Told.Failed("a fault of the broker; its log says more")
    }

    private fun ApprovalRecord.waitsFor(contact: Contact): Boolean =
        status == ApprovalStatus.PENDING && clock.instant() < question.endsAt && progress.votes.none { it.by.id == contact.approverId }

    private companion object {
        /** More than so many at once are one message: nobody reads twenty. */
        const val MOST_ALONE = 5
        const val MOST_SHOWN = 10
        const val MOST_LOOKED_AT = 1_000
        val log = LoggerFactory.getLogger("dev.sesame.broker.notice")!!
    }
}
