package dev.sesame.bench.peers

import dev.sesame.bench.ThisJvm
import dev.sesame.bench.rates.Flushes
import dev.sesame.bench.waits.Box
import dev.sesame.bench.waits.Tally
import java.nio.file.Files
import java.nio.file.Path

/**
 * Products that can hold a call until someone decides do the same job in turns: park N, decide, go on. Each as it is meant to be used.
 *
 * All are warm before the first round, and that one is dropped. Nothing is retried by the bench and every call is counted: one that doesn't go
 * on is lost, and ends the run as failed. A product that can't be had on this machine is passed over, which the run says.
 */
internal class PeersBench(
    private val plan: PeersPlan,
    private val scratch: Path,
    private val peerOf: (Product) -> Peer = Product::peer,
    private val say: (String) -> Unit = ::println,
) {
    private val tally = Tally()
    private val flushes = Flushes(scratch)
    private val running = LinkedHashMap<Product, Peer>()

    /** Whether every call went on. */
    fun run(): Boolean {
        // Else the threads that one side needed are still there, idle, while the next is looked at.
        System.setProperty("kotlinx.coroutines.scheduler.keep.alive.sec", "2")
        say("bench peers: --n ${plan.waits.joinToString(",")} --rounds ${plan.rounds} --sides ${plan.sides.joinToString(",") { it.key }}")
        say(Box(scratch).describe())
        try {
            plan.sides.forEach(::start)
            running.values.forEach(::warm)
            val rounds = if (plan.rounds == 1) "one round of each" else "${plan.rounds} rounds of each in turn, the first dropped"
            say("each parked ${plan.warm} calls before, and they were decided, to be warm; $rounds: medians [least-most]")
            plan.waits.forEach(::measure)
        } finally {
            running.values.forEach { it.close() }
        }
        say("lost=${tally.expected - tally.got}, got ${"%,d".format(tally.got)} of ${"%,d".format(tally.expected)}")
        say("load average after: ${Box.load()}")
        return tally.got == tally.expected
    }

    private fun start(product: Product) {
        try {
            val peer = peerOf(product)
            running[product] = peer
            peer.start(Files.createDirectories(scratch.resolve(product.key)))
            peer.describe().forEach { say("${product.key}: $it") }
        } catch (missing: UnavailableException) {
            running.remove(product)?.close()
            say("SKIPPED: ${product.title} (${missing.message})")
        }
    }

    /** In portions: what a server does with more parked calls than it is asked about is another question. */
    private fun warm(peer: Peer) {
        for (done in 0 until plan.warm step PORTION) turn(peer, minOf(PORTION, plan.warm - done)) { it.warm() }
    }

    private fun measure(waits: Int) {
        val seen = running.keys.associateWith { ArrayList<Map<Measure, Double>>() }
        repeat(plan.rounds) { round ->
            running.forEach { (product, peer) ->
                val figures = turn(peer, waits) { it.run() }
                if (round > 0 || plan.rounds == 1) seen.getValue(product) += figures
            }
        }
        PeersTable(waits, seen, say).print()
        say("lost=${tally.expected - tally.got}, got ${"%,d".format(tally.got)} of ${"%,d".format(tally.expected)} so far")
    }

    private fun <T> turn(peer: Peer, waits: Int, part: (Turn) -> T): T {
        // What the side before still has to end.
        Thread.sleep(plan.settling.inWholeMilliseconds)
        val readings = Readings(ThisJvm.threadIds(), flushes)
        val calls = Calls(waits + plan.singles + WARMING)
        return peer.begin(calls).use { part(Turn(waits, plan, it, calls, readings, tally)) }
    }

    private companion object {
        /** One call that each turn begins with, for what is made with the first. */
        const val WARMING = 1
        const val PORTION = 2_000
    }
}
