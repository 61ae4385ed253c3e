package dev.sesame.broker.notice.push

import dev.sesame.broker.notice.ChannelCheck
import dev.sesame.broker.notice.Told
import dev.sesame.broker.store.DeviceStore

/** Sends a test message to every browser in which the approver turned notifications on; where one didn't take it, that is what came of it. */
internal class PushCheck(private val devices: DeviceStore, private val send: SendPush, private val text: PushText) : ChannelCheck {
    override val name = PushChannel.NAME

    override suspend fun test(approverId: String): Told {
        val told = devices.list(approverId).map { send.send(it, text.test()) }
        if (told.isEmpty()) return Told.Dropped("you turned notifications on in no browser")
        return told.firstOrNull { it !is Told.Sent } ?: Told.Sent("to ${told.size} browsers")
    }
}
