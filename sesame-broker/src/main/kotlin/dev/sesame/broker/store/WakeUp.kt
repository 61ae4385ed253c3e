package dev.sesame.broker.store

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel
import java.util.concurrent.ConcurrentHashMap

/** Nudges whoever waits for an approval to read it again. It carries no truth: losing one costs time, never a decision. */
internal interface WakeUp {
    /** Says that [id] may have changed. */
    fun wake(id: String)

    /** Runs [block] with a channel that receives something after each [wake] of [id] from now on; several may come as one. */
    suspend fun <T> listening(id: String, block: suspend (ReceiveChannel<Unit>) -> T): T
}

/** Wake-ups inside this process. */
internal class LocalWakeUp : WakeUp {
    private val listeners = ConcurrentHashMap<String, Set<Channel<Unit>>>()

    /** How many are waiting. */
    val listenerCount: Int get() = listeners.values.sumOf { it.size }

    override fun wake(id: String) {
        listeners[id]?.forEach { it.trySend(Unit) }
    }

    override suspend fun <T> listening(id: String, block: suspend (ReceiveChannel<Unit>) -> T): T {
        val channel = Channel<Unit>(Channel.CONFLATED)
        listeners.compute(id) { _, others -> others.orEmpty() + channel }
        try {
            return block(channel)
        } finally {
            listeners.computeIfPresent(id) { _, all -> (all - channel).takeIf { it.isNotEmpty() } }
        }
    }
}
