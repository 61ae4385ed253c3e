package dev.sesame.broker.access

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Deferred
import java.util.concurrent.ConcurrentHashMap

/** Ends what is held open under a credential when that is revoked. */
internal class Revocations {
    private class Held(val revoked: CompletableDeferred<Unit>, val count: Int)

    private val held = ConcurrentHashMap<String, Held>()

    /** Runs [block] with a signal that completes when [credentialId] is revoked meanwhile. */
    suspend fun <T> watching(credentialId: String, block: suspend (Deferred<Unit>) -> T): T {
        val mine = held.compute(credentialId) { _, others -> Held(others?.revoked ?: CompletableDeferred(), (others?.count ?: 0) + 1) }!!
        try {
            return block(mine.revoked)
        } finally {
            held.computeIfPresent(credentialId) { _, all -> if (all.count == 1) null else Held(all.revoked, all.count - 1) }
        }
    }

    fun revoke(credentialId: String) {
        held[credentialId]?.revoked?.complete(Unit)
    }
}
