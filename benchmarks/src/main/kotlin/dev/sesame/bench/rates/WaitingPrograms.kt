package dev.sesame.bench.rates

import dev.sesame.PendingApproval
import dev.sesame.Sesame
import dev.sesame.bench.waits.ACTION
import dev.sesame.bench.waits.SUMMARY
import dev.sesame.bench.waits.contextOf
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

/** Programs that wait for decisions over the SDK's feed, at the first broker. */
internal class WaitingPrograms(private val setup: Setup) : AutoCloseable {
    private val sesame = Sesame {
        apiKey = setup.apiKey
        brokerUrl = setup.brokers.first().url
    }

    /** Opens [count] questions, waits for them all, and gives [decide] their ids; returns how many of the waits then heard of a decision. */
    fun waiting(count: Int, decide: (List<String>, ended: () -> Unit) -> Unit): Int = runBlocking(Dispatchers.Default) {
        val pending = open(count)
        val told = AtomicInteger()
        val waits = pending.map { async { it.await().also { told.incrementAndGet() } } }
        untilRegistered()
        decide(pending.map { it.id }) { runBlocking { withTimeoutOrNull(TOLD_WITHIN) { waits.awaitAll() } } }
        waits.forEach { it.cancel() }
        told.get()
    }

    /** Each wait begins by reading what it waits for; one that begins after all of them, for what was decided before, ends after them. */
    private suspend fun untilRegistered() {
        val probe = sesame.trigger(ACTION, SUMMARY)
        Deciding(setup, 0, ConcurrentLinkedQueue(listOf(probe.id))).use { it.call() }
        repeat(PROBES) { probe.await(TOLD_WITHIN) }
    }

    private suspend fun open(count: Int): List<PendingApproval> = coroutineScope {
        val left = AtomicInteger(count)
        val opened = ConcurrentLinkedQueue<PendingApproval>()
        repeat(AT_ONCE) {
            launch {
                while (left.getAndDecrement() > 0) opened += sesame.trigger(ACTION, SUMMARY, context = contextOf(left.get()))
            }
        }
        opened
    }.toList()

    override fun close(): Unit = sesame.close()

    private companion object {
        const val AT_ONCE = 64
        const val PROBES = 5
        val TOLD_WITHIN = 60.seconds
    }
}
