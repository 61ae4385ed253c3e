package dev.sesame.broker.delivery

import dev.sesame.broker.store.DeliveryStore
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import org.slf4j.LoggerFactory
import java.time.Duration
import java.time.Instant
import java.time.InstantSource
import java.time.temporal.ChronoUnit
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

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
) {
    private val news = Channel<Unit>(Channel.CONFLATED)

    /** Says that something new may be due. It carries no truth: losing one costs a moment. */
    fun nudge() {
        news.trySend(Unit)
    }

    /** Goes on until it is cancelled; what is under way then is sent again after the next start. */
    suspend fun run(): Unit = coroutineScope {
        while (!orLater { deliveries.takeBackLeases() }) delay(AFTER_FAULT)
        while (true) {
            if (orLater { round(this) }) pause() else delay(AFTER_FAULT)
        }
    }

    private suspend fun round(scope: CoroutineScope) {
        val room = lanes.room(deliveries.lanesDue(clock.instant()))
        if (room.isEmpty()) return
        val now = clock.instant().truncatedTo(ChronoUnit.MILLIS)
        val until = now + LEASE
        deliveries.lease(room, now, until).forEach { delivery ->
            val place = lanes.begin(delivery.lane)
            scope.launch { send(delivery, until, place) }
        }
    }

    private suspend fun send(delivery: Delivery, until: Instant, place: Lanes.Place) {
        var tried: Tried? = null
        try {
            orLater { tried = attempt.attempt(delivery, until) }
        } finally {
            place.end(tried)
            nudge()
        }
    }

    private suspend fun pause() {
        withTimeoutOrNull(PACE) { news.receive() } ?: return
        delay(GATHERING)
    }

    /** `false`: it failed and was said; what was leased is sent again when its lease is over. */
    private suspend fun orLater(work: suspend () -> Unit): Boolean = try {
        work()
        true
    } catch (leaving: CancellationException) {
        throw leaving
    } catch (problem: Exception) {
        log.error("Delivering webhooks failed; trying again later", problem)
        false
    }

    private companion object {
        /** What has fallen due is noticed so soon; a nudge is faster. */
        val PACE = 250.milliseconds

        /** What is decided in so short a time is looked for once: a busy broker's decisions needn't each pay for a look. */
        val GATHERING = 5.milliseconds

        /** The store may take a while to come back, and each time is said in the log. */
        val AFTER_FAULT = 5.seconds

        /** Longer than any attempt takes. */
        val LEASE: Duration = Duration.ofSeconds(60)
        val log = LoggerFactory.getLogger("dev.sesame.broker.delivery")!!
    }
}
