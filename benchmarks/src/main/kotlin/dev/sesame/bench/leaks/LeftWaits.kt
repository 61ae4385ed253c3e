package dev.sesame.bench.leaks

import dev.sesame.Sesame
import dev.sesame.SesameClosedException
import dev.sesame.bench.BrokerProcess
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlin.random.Random
import kotlin.time.Duration.Companion.microseconds

/** Waits of one client that are begun and cancelled, by hundreds at a time. */
internal class LeftWaits(broker: BrokerProcess, isLongPoll: Boolean, private val random: Random) : AutoCloseable {
    private val sesame = Sesame {
        apiKey = broker.apiKey
        brokerUrl = broker.url
        longPollOnly = isLongPoll
    }
    private val pending = runBlocking { List(QUESTIONS) { sesame.trigger("payments.refund", "Refund 42.00 to Ana") } }

    /** Returns when the last of [cycles] waits is over. */
    fun run(cycles: Int) = runBlocking {
        var left = cycles
        while (left > 0) {
            val waits = List(minOf(BATCH, left)) { launch { pending[it % pending.size].await() } }
            // Some before they began, some before the stream was ready, some well after.
            delay(random.nextInt(LONGEST_US).microseconds)
            waits.shuffled(random).forEach { it.cancelAndJoin() }
            left -= waits.size
        }
    }

    override fun close(): Unit = sesame.close()

    private companion object {
        const val QUESTIONS = 100
        const val BATCH = 500
        const val LONGEST_US = 20_000
    }
}

/** Clients that are made, hold a wait, and are closed under it. */
internal class ShortClients(private val broker: BrokerProcess) {
    fun run(cycles: Int) = runBlocking { repeat(cycles) { one() } }

    private suspend fun one() = coroutineScope {
        val sesame = Sesame {
            apiKey = broker.apiKey
            brokerUrl = broker.url
        }
        val asked = sesame.trigger("payments.refund", "Refund 42.00 to Ana")
        val wait = launch {
            try {
                asked.await()
            } catch (_: SesameClosedException) {
                // As it should be.
            }
        }
        asked.poll()
        sesame.close()
        wait.join()
    }
}
