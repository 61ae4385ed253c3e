package dev.sesame.broker.delivery

import dev.sesame.WebhookSecret
import dev.sesame.broker.MovableClock
import dev.sesame.broker.access.Requester
import dev.sesame.broker.store.Stores
import dev.sesame.broker.store.decided
import dev.sesame.broker.store.deliveriesOf
import dev.sesame.broker.store.ids
import dev.sesame.broker.store.random
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TestTimeSource

/** The delivering part over a real store, on a clock that tests move; [answer] stands for all the receivers there are. */
internal class Deliveries(private val answer: suspend (Shot) -> Sent = { well }) : AutoCloseable {
    val stores: Stores = sqliteStores(temporaryDirectory())
    val clock = MovableClock()
    val callbackSecret: WebhookSecret = WebhookSecret.random()
    private val box = testSecrets()
    val register = EndpointRegister(stores.endpoints, box, ids, random, clock)

    /** What was sent, in the order in which it began. */
    val shots = CopyOnWriteArrayList<Shot>()
    val ends = CopyOnWriteArrayList<DeliveryState>()
    private val sender = Sender { url, headers, body ->
        val shot = Shot(url, headers, body)
        shots += shot
        answer(shot)
    }

    /** The time of the pauses between failures; it goes on while somebody awaits something. */
    private val time = TestTimeSource()
    private val scope = CoroutineScope(Dispatchers.Default)
    private var worker: Job? = null
    private var due = deliverDue()

    private fun deliverDue(): DeliverDue {
        val signatures = Signatures(callbackSecret, box)
        val attempt = AttemptDelivery(
            stores.approvals,
            stores.deliveries,
            stores.endpoints,
            signatures,
            sender,
            RetrySchedule(Middle),
            clock,
            receiptOf = { null },
            ended = ends::add,
        )
        return DeliverDue(stores.deliveries, attempt, Lanes(time), clock, pauseAfterFault = 10.milliseconds)
    }

    fun start() {
        due = deliverDue()
        worker = scope.launch { due.run() }
    }

    fun nudge() = due.nudge()

    /** As when the process dies: what is under way ends without a word. */
    suspend fun stop() {
        worker?.cancelAndJoin()
    }

    suspend fun owed(url: String, requester: Requester? = null): Delivery {
        val record = stores.decided(requester ?: stores.requester(), url, clock.instant())
        nudge()
        return stores.deliveriesOf(record).single { it.url == url }
    }

    /** Returns the delivery once it [isSo]. */
    fun await(id: String, what: String, isSo: (Delivery) -> Boolean): Delivery {
        var found: Delivery? = null
        awaitThat("$what: $found") {
            time += 250.milliseconds
            found = runBlocking { stores.deliveries.delivery(id) }
            found?.let(isSo) ?: false
        }
        return found!!
    }

    fun awaitState(id: String, state: DeliveryState): Delivery = await(id, "$state") { it.state == state }

    override fun close() {
        runBlocking { stop() }
        stores.close()
    }

    companion object {
        val well = Sent(204, null, "", null)
    }
}

/** Takes the middle of each range: a schedule without jitter. */
private object Middle : Random() {
    override fun nextBits(bitCount: Int): Int = error("only ranges are asked for")

    override fun nextDouble(from: Double, until: Double): Double = (from + until) / 2
}

/** One webhook as it was handed to the sender. */
internal class Shot(val url: String, val headers: Map<String, String>, val body: ByteArray) {
    val id: String get() = headers.getValue("webhook-id")
}
