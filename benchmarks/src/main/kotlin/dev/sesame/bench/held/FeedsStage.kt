package dev.sesame.bench.held

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.waits.Burst
import dev.sesame.bench.waits.Deciders
import dev.sesame.bench.waits.Gauges
import dev.sesame.bench.waits.Marks
import dev.sesame.bench.waits.Parked
import dev.sesame.bench.waits.SesameSide
import dev.sesame.bench.waits.Tally
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking
import java.nio.file.Path

/** Waits over the decision feeds of SDK clients in this JVM, against a broker in another: what they hold, what they use, how soon all are told. */
internal class FeedsStage(private val plan: HeldPlan, private val scratch: Path, private val say: (String) -> Unit) {
    /** A client, and its share of the waits. */
    private inner class Share(broker: BrokerProcess, val size: Int) : AutoCloseable {
        private val marks = Marks(size)
        private val deciders = Deciders(broker.url, broker.adminToken)
        private val side = SesameSide(broker.url, broker.apiKey, marks, size) { deciders.decide(it, DENY) }
        val tally = Tally()
        val parked = Parked(side, deciders, marks, tally)

        suspend fun prepare() = side.prepare()

        override fun close() {
            side.close()
            deciders.close()
        }
    }

    /** Whether all were told. */
    fun run(): Boolean = BrokerProcess(scratch, jvm = HeldBench.fixedHeap).use { broker ->
        broker.start()
        Gauges(broker).use { gauges -> runBlocking { measure(broker, gauges) } }
    }

    private suspend fun measure(broker: BrokerProcess, gauges: Gauges): Boolean {
        gauges.heldPolls()
        val threads = gauges.threads()
        // Cold code, and what is made once, are not what is measured.
        List(plan.clients) { Share(broker, minOf(plan.waits, WARMING)) }.useAll { shares ->
            shares.each {
                open(it.size)
                wait(it.size)
                decideAll(DENY)
            }
        }
        return List(plan.clients) { Share(broker, plan.waits / plan.clients) }.useAll { shares ->
            val client = gauges.clientHeapBytes()
            val heap = gauges.brokerHeapBytes()
            shares.each { open(it.size) }
            val parking = System.nanoTime()
            shares.each { wait(it.size) }
            val parkMs = (System.nanoTime() - parking) / NS_IN_MS
            Thread.sleep(minOf(SETTLING_MS, plan.idleSeconds * MS_IN_S))
            val idle = Idle.of(plan.idleSeconds, gauges)
            val waits = shares.sumOf { it.size }
            FeedsTable(waits, plan.clients, say).print(
                FeedFigures(
                    parkMs,
                    (gauges.clientHeapBytes() - client) / waits,
                    gauges.brokerHeapBytes()?.let { now -> heap?.let { (now - it) / waits } },
                    gauges.threads() - threads,
                    gauges.sockets(deciders = plan.clients * Deciders.COUNT),
                    idle,
                    Burst.of(shares.each { decideAll(DENY) }),
                ),
            )
            val lost = shares.sumOf { it.tally.expected - it.tally.got }
            say("lost=$lost of $waits waits")
            lost == 0
        }
    }

    private suspend fun <T> List<Share>.each(step: suspend Parked.(Share) -> T): List<T> = coroutineScope {
        map { share -> async(Dispatchers.IO) { share.parked.step(share) } }.awaitAll()
    }

    private suspend fun <T> List<Share>.useAll(step: suspend (List<Share>) -> T): T = try {
        forEach { it.prepare() }
        step(this)
    } finally {
        forEach { it.close() }
    }

    private companion object {
        const val DENY = "deny"
        const val WARMING = 2_000
        const val SETTLING_MS = 8_000L
        const val MS_IN_S = 1_000L
        const val NS_IN_MS = 1e6
    }
}
