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

    /** Ends the streams of an approver who is in other groups now: what they may see is another. */
    fun move(approverId: String) = revoke(groupsOf(approverId))

    /** What stands for the groups of that approver among the credentials. */
    fun groupsOf(approverId: String): String = approverId + GROUPS

    /** What is held open now, by the ids of credentials and of approvers. */
    fun held(): Set<String> = held.keys.filterNotTo(HashSet()) { it.endsWith(GROUPS) }

    /** Ends whatever an approver's groups are of account to: somebody is in other groups now. */
    fun moveAll() = held.keys.filter { it.endsWith(GROUPS) }.forEach(::revoke)

    fun revoke(credentialId: String) {
        held[credentialId]?.forEach { it.complete(Unit) }
    }

    private companion object {
        const val GROUPS = " groups"
    }
}
