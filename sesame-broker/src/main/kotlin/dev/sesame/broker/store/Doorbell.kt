package dev.sesame.broker.store

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel
import java.util.concurrent.CopyOnWriteArraySet

/** Tells every listener that something new may be in the events; truth-free, like all wake-ups. */
internal class Doorbell {
    private val listeners = CopyOnWriteArraySet<Channel<Unit>>()

    fun ring() {
        listeners.forEach { it.trySend(Unit) }
    }

    /** Runs [block] with a channel that receives something after each [ring] from now on; several may come as one. */
    suspend fun <T> listening(block: suspend (ReceiveChannel<Unit>) -> T): T {
        val channel = Channel<Unit>(Channel.CONFLATED)
        listeners.add(channel)
        try {
            return block(channel)
        } finally {
            listeners.remove(channel)
        }
    }
}
