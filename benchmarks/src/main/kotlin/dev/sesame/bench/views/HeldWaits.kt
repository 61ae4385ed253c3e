package dev.sesame.bench.views

import dev.sesame.Sesame
import dev.sesame.bench.waits.Deciders
import dev.sesame.bench.waits.Gauges
import kotlinx.coroutines.runBlocking
import java.util.concurrent.Callable
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicLongArray
import kotlin.time.Duration.Companion.seconds

/** What N waits of one view held, and how they came back. */
internal class Held(val heapBytes: Double, val threads: Double, val burstMs: Double, val tailMs: Double, val lost: Int)

/** One round of one view: all are opened, all wait, what they hold is read, all are denied. */
internal class HeldWaits(private val waits: Int, private val view: View, private val deciders: Deciders, private val gauges: Gauges) {
    private val told = AtomicLongArray(waits)
    private val left = CountDownLatch(waits)

    fun run(url: String, key: String, threadsBefore: Double): Held = Sesame {
        brokerUrl = url
        apiKey = key
    }.use { sesame -> measure(sesame, threadsBefore) }

    private fun measure(sesame: Sesame, threadsBefore: Double): Held {
        val ids = openAll(sesame)
        val probe = View.open(sesame).also { deciders.decide(it, DENY) }
        val heapBefore = gauges.clientHeapBytes()
        val waiter = view.of(sesame)
        val held = ids.mapIndexed { index, id -> waiter.begin(id) { mark(index) } }
        untilParked(sesame, probe)
        Thread.sleep(SETTLING_MS) // lets threads go that only the opening needed
        val heap = (gauges.clientHeapBytes() - heapBefore) / waits
        val threads = gauges.threads() - threadsBefore
        val first = System.nanoTime()
        deciders.decideAll(ids, DENY)
        val last = System.nanoTime()
        left.await(ALL_WITHIN_S, TimeUnit.SECONDS)
        check(held.size == waits) // reachable until here
        val end = (0 until waits).maxOf { told.get(it) }
        return Held(heap, threads, (end - first) / NS_IN_MS, ((end - last) / NS_IN_MS).coerceAtLeast(0.0), left.count.toInt())
    }

    private fun openAll(sesame: Sesame): List<String> = Executors.newFixedThreadPool(AT_ONCE).use { pool ->
        pool.invokeAll((0 until waits).map { Callable { View.open(sesame) } }).map { it.get() }
    }

    private fun mark(index: Int) {
        told.set(index, System.nanoTime())
        left.countDown()
    }

    /** Waits that begin later for what was decided before are told in the order of registration: after some of them all others are registered. */
    private fun untilParked(sesame: Sesame, probe: String) = runBlocking {
        repeat(PROBES) { sesame.attach(probe).await(PARK_WITHIN) }
    }

    private companion object {
        const val DENY = "deny"
        const val AT_ONCE = 32
        const val PROBES = 5
        const val SETTLING_MS = 8_000L
        const val ALL_WITHIN_S = 180L
        const val NS_IN_MS = 1e6
        val PARK_WITHIN = 120.seconds
    }
}
