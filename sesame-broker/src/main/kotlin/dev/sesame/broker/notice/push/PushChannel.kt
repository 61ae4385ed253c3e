package dev.sesame.broker.notice.push

import dev.sesame.broker.notice.Channel
import dev.sesame.broker.notice.Contact
import dev.sesame.broker.notice.Notice
import dev.sesame.broker.notice.Told
import dev.sesame.broker.store.DeviceStore
import dev.sesame.rules.ApprovalRecord
import java.time.InstantSource

/**
 * Tells approvers by web push: each device is a contact. What comes later about an approval takes the place of what came before, on the
 * screen and at the push service. `sent` is that the push service took it; whether anybody saw it, it doesn't say.
 */
internal class PushChannel(
    private val devices: DeviceStore,
    private val send: SendPush,
    private val text: PushText,
    private val clock: InstantSource,
) : Channel {
    override val name = NAME

    override suspend fun tell(notice: Notice, record: ApprovalRecord): Told {
        val device = devices.device(notice.contact.address) ?: return Told.Dropped("the device was removed")
        val now = clock.instant()
        if (notice.kind.asksForAnswer && !record.status.isTerminal) return send.send(device, text.asking(notice, record, now))
        // Browsers show something for every push: where no question stands on the screen, there is nothing to take the place of.
        if (!devices.wasToldAlone(record.id, device.id)) return Told.Dropped("no notification to replace")
        return send.send(device, text.over(record, now))
    }

    override suspend fun tellTogether(contact: Contact, records: List<ApprovalRecord>, more: Int): Told {
        if (records.isEmpty()) return Told.Dropped("nothing left to answer")
        val device = devices.device(contact.address) ?: return Told.Dropped("the device was removed")
        val told = send.send(device, text.many(records, records.size + more, clock.instant()))
        return if (told is Told.Sent) Told.Sent("in one message with ${records.size + more - 1} others") else told
    }

    companion object {
        const val NAME = "push"
    }
}
