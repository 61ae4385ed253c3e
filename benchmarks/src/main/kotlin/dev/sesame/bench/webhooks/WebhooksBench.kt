package dev.sesame.bench.webhooks

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Flags
import dev.sesame.bench.PlainHttp
import dev.sesame.bench.freePort
import dev.sesame.bench.seconds
import java.nio.file.Path
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** How many decisions a round has, how many receivers share them, and how many rounds have a kill in them. */
internal class WebhooksPlan(
    val decisions: Int = 2_000,
    val receivers: Int = 100,
    val kills: Int = 3,
    val seed: Long = System.nanoTime(),
    val workers: Int = 8,
) {
    companion object {
        fun of(flags: Flags): WebhooksPlan = WebhooksPlan().let {
            WebhooksPlan(
                flags.count("--decisions", it.decisions),
                flags.count("--receivers", it.receivers),
                flags.count("--kills", it.kills),
                flags.whole("--seed", it.seed),
            )
        }
    }
}

/**
 * How soon a decision is sent to a receiver that is well, with dead, failing and slow ones beside it; then again with the broker killed while it
 * sends. Everything that was decided must arrive, or still be owed where the receiver can't take it.
 */
internal class WebhooksBench(private val plan: WebhooksPlan, private val scratch: Path, private val say: (String) -> Unit = ::println) {
    private val random = Random(plan.seed)
    private val decided = Decided()
    private var lost = 0

    /** Whether nothing was lost. */
    fun run(): Boolean = Receivers(plan.receivers, decided).use { receivers ->
        BrokerProcess(scratch, freePort(), environment = mapOf("SESAME_WEBHOOK_ALLOW" to "127.0.0.0/8")).use { broker ->
            broker.start()
            say("bench webhooks: --decisions ${plan.decisions} --receivers ${plan.receivers} --kills ${plan.kills} --seed ${plan.seed}")
            say("receivers: ${receivers.inWords}")
            say("broker: limits ${BrokerProcess.limitsInWords}")
            measure(broker, receivers)
            repeat(plan.kills) { killed(broker, receivers, it + 1) }
            stillOwed(broker)
            summary()
        }
    }

    private fun measure(broker: BrokerProcess, receivers: Receivers) {
        // Cold code, and receivers that nobody knows yet, are not what is measured; nothing of it may be lost all the same.
        load(broker, receivers, plan.decisions / WARMING).forEach { it.join() }
        val warm = decided.all.size
        val began = System.nanoTime()
        load(broker, receivers).forEach { it.join() }
        awaitArrivals(decided.all.filter { it.receiver.takes })
        lost += decided.all.count { it.receiver.takes && it.arrivals == 0 }
        val asked = decided.all.drop(warm).filter { it.receiver.kind == Kind.WELL }
        val times = asked.mapNotNull { it.toFirstAttempt }.sorted()
        val last = asked.maxOfOrNull { it.arrivedAt } ?: began
        val perSecond = times.size / ((last - began).nanoseconds / 1_000_000_000.nanoseconds)
        say("without kills: %,d decisions, %,.0f deliveries/s to receivers that are well".format(decided.all.size - warm, perSecond))
        say("decision to first attempt, receivers that are well: p50 ${at(times, 0.5)}, p99 ${at(times, 0.99)}, longest ${at(times, 1.0)}")
    }

    private fun killed(broker: BrokerProcess, receivers: Receivers, round: Int) {
        val before = decided.all.size
        val workers = load(broker, receivers)
        val after = random.nextLong(EARLIEST_MS, LATEST_MS)
        while (decided.all.size == before && workers.any { it.isAlive }) Thread.sleep(1)
        Thread.sleep(after)
        broker.kill()
        workers.forEach { it.join() }
        val ready = broker.start()
        val asked = decided.all.drop(before).filter { it.receiver.takes }
        awaitArrivals(asked)
        val missing = asked.count { it.arrivals == 0 }
        lost += missing
        say("kill $round/${plan.kills}: ${decided.all.size - before} decided when it came; ready again in ${seconds(ready)}; $missing lost")
    }

    private fun load(broker: BrokerProcess, receivers: Receivers, decisions: Int = plan.decisions): List<Thread> = List(plan.workers) {
        val load = Load(broker, receivers, decided, decisions / plan.workers, Random(random.nextLong()))
        Thread.ofVirtual().start(load::work)
    }

    private fun awaitArrivals(asked: List<Decision>) {
        val end = System.nanoTime() + LONGEST_MS * 1_000_000
        while (asked.any { it.arrivals == 0 } && System.nanoTime() < end) Thread.sleep(LOOK_EVERY_MS)
    }

    /** What the dead and the failing were to get is to be tried again: it must not be lost because of them. */
    private fun stillOwed(broker: BrokerProcess) = PlainHttp(broker.url, broker.adminToken).use { admin ->
        val asked = decided.all.filter { !it.receiver.takes }
        val owed = asked.count { it.isOwedBy(admin) }
        lost += asked.size - owed
        say("dead and failing receivers: $owed of ${asked.size} deliveries are still owed to them")
    }

    private fun summary(): Boolean {
        val taken = decided.all.filter { it.receiver.takes }
        val duplicates = taken.sumOf { maxOf(0, it.arrivals - 1) }
        val share = 100.0 * duplicates / maxOf(1, taken.size)
        val unstable = taken.count { it.ids.size > 1 }
        say(
            "$lost of %,d lost; $duplicates duplicates (%.2f %%), $unstable of them under another webhook-id".format(
                decided.all.size,
                share,
            ),
        )
        return lost == 0 && unstable == 0
    }

    private fun at(sorted: List<Duration>, share: Double): String =
        sorted.getOrNull(((sorted.size - 1) * share).toInt())?.inWholeMicroseconds?.let { "%.1f ms".format(it / 1_000.0) } ?: "none"

    private companion object {
        const val WARMING = 4
        const val EARLIEST_MS = 100L
        const val LATEST_MS = 800L
        const val LOOK_EVERY_MS = 20L

        /** A slow receiver takes its share four at a time. */
        const val LONGEST_MS = 180_000L
    }
}
