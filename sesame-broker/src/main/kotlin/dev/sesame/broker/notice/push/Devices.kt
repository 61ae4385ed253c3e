package dev.sesame.broker.notice.push

import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.Session
import dev.sesame.broker.notice.Told
import dev.sesame.broker.store.DeviceStore
import dev.sesame.broker.store.Seen
import java.time.Duration
import java.time.Instant
import java.time.InstantSource
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.toKotlinDuration

/** The browsers in which approvers turned notices on: what a person does with their own. */
internal class Devices(
    private val store: DeviceStore,
    private val reading: ReadSubscription,
    private val send: SendPush,
    private val text: PushText,
    private val ids: Ids,
    private val clock: InstantSource,
) {
    /** When each approver last tried one. */
    private val tested = ConcurrentHashMap<String, Instant>()

    /** Turns on the browser of [session]; [BadSubscription] where it can't be reached, [TooManyDevices] where there are enough. */
    suspend fun turnOn(session: Session, endpoint: String, p256dh: String, auth: String): Device {
        val now = clock.instant()
        val subscription = reading.read(endpoint, p256dh, auth)
        val device = Device(ids.device(), session.approverId, session.id, session.browser, now, now, subscription)
        return store.turnOn(device, MOST) ?: throw TooManyDevices("at most $MOST devices can be told: remove one that you don't use")
    }

    /**
     * The browser of [session] was visited, and has this to say of itself. `null` where it is not turned on for this person: it was removed,
     * or signed out, or is another's, which then ends.
     */
    suspend fun renew(session: Session, id: String, endpoint: String, p256dh: String, auth: String): Device? {
        val now = clock.instant()
        val subscription = reading.read(endpoint, p256dh, auth)
        val known = store.device(id)
        val isKnown = known?.approverId == session.approverId && known.sessionId == session.id && known.subscription == subscription
        if (isKnown && Duration.between(known.seenAt, now) < SEEN_EACH) return known
        return store.renew(id, Seen(session.approverId, session.id, session.browser, subscription, now))
    }

    suspend fun list(approverId: String): List<Device> = store.list(approverId)

    suspend fun remove(id: String, approverId: String): Boolean = store.remove(id, approverId, clock.instant())

    /** Sends something to the approver's device at once, and says what came of it; `null` where there is none. */
    suspend fun test(id: String, approverId: String): Told? {
        val device = store.device(id)?.takeIf { it.approverId == approverId } ?: return null
        val now = clock.instant()
        val last = tested.put(approverId, now)
        if (last != null &&
            Duration.between(last, now) < TESTED_EACH
        ) {
            return Told.Busy("one was sent a moment ago", TESTED_EACH.toKotlinDuration())
        }
        return send.send(device, text.test())
    }

    companion object {
        /** More than anybody reads on; each costs a call for each notice. */
        const val MOST = 20
        private val TESTED_EACH: Duration = Duration.ofSeconds(10)
        private val SEEN_EACH: Duration = Duration.ofMinutes(1)
    }
}

/** No further device can be turned on; [message] names the limit. */
internal class TooManyDevices(message: String) : RuntimeException(message)
