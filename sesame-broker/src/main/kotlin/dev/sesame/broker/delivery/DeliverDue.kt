package dev.sesame.broker.delivery

import dev.sesame.broker.due.DueLoop
import dev.sesame.broker.store.DeliveryStore
import dev.sesame.broker.store.StoreUnavailable
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import org.slf4j.LoggerFactory
import java.time.Duration
import java.time.Instant
import java.time.InstantSource
import java.time.temporal.ChronoUnit
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicBoolean

/**
 * Sends what is owed, when it is due: at once after a decision, later after a failure.
 *
 * What it sends it has leased first, and how that ended is stored before the lease is freed: a crash at any point sends once more, with the
 * same `webhook-id`, and loses nothing.
 */
internal class DeliverDue(
    private val deliveries: DeliveryStore,
    private val attempt: AttemptDelivery,
    private val lanes: Lanes,
    private val clock: InstantSource,
    private val pauseAfterFault: kotlin.time.Duration = DueLoop.AFTER_FAULT,
) {
    private val underWay: MutableSet<String> = ConcurrentHashMap.newKeySet()

    /** The store failed: there may be leases that nobody uses, and those of attempts that could not be recorded. */
    private val isUnsure = AtomicBoolean()
    private val loop = DueLoop(LoggerFactory.getLogger("dev.sesame.broker.delivery"), "Delivering webhooks")

    /** Says that something new may be due. */
    fun nudge() = loop.nudge()

    /** Goes on until it is cancelled; what is under way then is sent again after the next start. */
    suspend fun run() = loop.run({ deliveries.takeBackLeases() }) {
        try {
            if (isUnsure.getAndSet(false)) deliveries.takeBackLeases(except = underWay.toSet())
            round()
        } catch (problem: StoreUnavailable) {
            isUnsure.set(true)
            throw problem
        }
    }

    /** Returns whether anything is owed. */
    private suspend fun CoroutineScope.round(): Boolean {
        if (!deliveries.areOwed()) return false
        val room = lanes.room(deliveries.lanesDue(clock.instant()))
        if (room.isEmpty()) return true
        val now = clock.instant().truncatedTo(ChronoUnit.MILLIS)
        val until = now + LEASE
        deliveries.lease(room, now, until).forEach { delivery ->
            val place = lanes.begin(delivery.lane)
            underWay += delivery.id
            launch { send(delivery, until, place) }
        }
        return true
    }

    private suspend fun send(delivery: Delivery, until: Instant, place: Lanes.Place) {
        var tried: Tried? = null
        try {
            val isKept = loop.orLater { tried = attempt.attempt(delivery, until) }
            if (!isKept) {
                delay(pauseAfterFault) // what fails each time must not be tried without a pause
                underWay -= delivery.id // first, so that its own lease is among those that are taken back
                isUnsure.set(true)
            }
        } finally {
            underWay -= delivery.id
            place.end(tried)
            nudge()
        }
    }

    private companion object {
        /** Longer than any attempt takes; what was leased and not recorded is sent again after it. */
        val LEASE: Duration = Duration.ofSeconds(60)
    }
}
