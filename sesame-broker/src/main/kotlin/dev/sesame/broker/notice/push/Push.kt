package dev.sesame.broker.notice.push

import com.interaso.webpush.VapidKeys
import com.interaso.webpush.WebPush
import dev.sesame.broker.access.Ids
import dev.sesame.broker.delivery.Sender
import dev.sesame.broker.notice.SendNotices
import dev.sesame.broker.store.DeviceStore
import java.time.InstantSource
import java.util.Base64

/** What web push needs of the rest of the broker. */
internal class PushNeeds(
    val store: DeviceStore,
    val sender: Sender,
    val ids: Ids,
    val clock: InstantSource,
    val confirmRisk: Double,
    /** Why no message may go to an endpoint, in words that follow its name; `null` where it may. */
    val judge: (String) -> String?,
)

/** Web push as a whole: the devices, and the sending to them. [subject] is whom push services may turn to. */
internal class Push(keys: VapidKeys, subject: String, showsDetail: Boolean, needs: PushNeeds, worker: (PushChannel) -> SendNotices) {
    private val text = PushText(needs.confirmRisk, showsDetail)
    private val send = SendPush(WebPush(subject, keys), needs.sender, needs.store, needs.clock, needs.judge)
    private val tell = worker(PushChannel(needs.store, send, text, needs.clock))
    val devices = Devices(needs.store, ReadSubscription(needs.judge), send, text, needs.ids, needs.clock)

    /** What tries it. */
    val check = PushCheck(needs.store, send, text)

    /** What browsers subscribe with: only who has the other half can send to them. */
    val publicKey: String = Base64.getUrlEncoder().withoutPadding().encodeToString(keys.applicationServerKey)

    /** Says that something may be to be sent. */
    fun nudge() = tell.nudge()

    /** Goes on until it is cancelled. */
    suspend fun run() = tell.run()
}
