package dev.sesame.broker.access

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Deferred
import java.util.concurrent.ConcurrentHashMap

/** Ends what is held open under a credential when that is revoked. */
internal class Revocations {
    private val held = ConcurrentHashMap<String, Set<CompletableDeferred<Unit>>>()

    /** Runs [block] with a signal that completes when one of [credentialIds] is revoked meanwhile. */
    suspend fun <T> watching(vararg credentialIds: String, block: suspend (Deferred<Unit>) -> T): T {
        val mine = CompletableDeferred<Unit>()
        credentialIds.forEach { id -> held.compute(id) { _, others -> others.orEmpty() + mine } }
        try {
            return block(mine)
        } finally {
            credentialIds.forEach { id -> held.computeIfPresent(id) { _, all -> (all - mine).takeIf { it.isNotEmpty() } } }
        }
    }

    fun revoke(credentialId: String) {
        held[credentialId]?.forEach { it.complete(Unit) }
    }
}
