package dev.sesame.broker.notice.push

import com.interaso.webpush.WebPush
import dev.sesame.broker.delivery.Sender
import dev.sesame.broker.delivery.Sent
import dev.sesame.broker.notice.Told
import dev.sesame.broker.store.DeviceStore
import org.slf4j.LoggerFactory
import java.time.InstantSource

/** Encrypts messages for one device each, signs for them, and takes the push service's answer for what it means. */
internal class SendPush(
    private val webPush: WebPush,
    private val sender: Sender,
    private val devices: DeviceStore,
    private val clock: InstantSource,
    /** Why no message may go to an endpoint, in words that follow its name. */
    private val judge: (String) -> String?,
) {
    suspend fun send(device: Device, message: PushMessage): Told {
        val to = device.subscription ?: return Told.Dropped("the device was given up")
        // Which services are trusted may have changed since the browser gave its endpoint.
        judge(to.endpoint)?.let { return Told.Refused("not sent: the endpoint $it") }
        val body = webPush.getBody(message.toBytes(), to.p256dhBytes, to.authBytes)
        val headers = webPush.getHeaders(to.endpoint, message.ttl.inWholeSeconds.toInt(), message.topic, message.urgency)
        return told(device, sender.send(to.endpoint, headers, body))
    }

    private suspend fun told(device: Device, sent: Sent): Told {
        val why = sent.failure.orEmpty()
        return when (sent.status) {
            in TAKEN -> Told.Sent()

            TOO_LARGE -> Told.Refused("$why: the message is too large, which is a fault of the broker").also {
                log.error("A push service found a message too large: a fault of the broker; the device is kept")
            }

            REQUEST_TIMEOUT, TOO_MANY -> Told.Failed(why, sent.retryAfter)

            in REFUSED -> {
                devices.lose(device, "the push service $why", clock.instant())
                Told.Refused("the push service $why: this device is told no more")
            }

            else -> Told.Failed(why, sent.retryAfter)
        }
    }

    private companion object {
        val TAKEN = 200..299
        val REFUSED = 400..499
        const val REQUEST_TIMEOUT = 408
        const val TOO_LARGE = 413
        const val TOO_MANY = 429
        val log = LoggerFactory.getLogger("dev.sesame.broker.notice.push")!!
    }
}
