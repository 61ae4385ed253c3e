package dev.sesame.broker.store

import dev.sesame.broker.access.ApiKey
import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Requester
import java.time.Instant
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/**
 * Remembers for a second who called, since each call asks for it.
 *
 * What is revoked through this store is forgotten at once, also where it was being read meanwhile; what another process revoked, within the
 * second. What isn't known is never remembered.
 */
internal class CachingAccessStore(private val store: AccessStore, private val time: TimeSource) : AccessStore by store {
    private class Seen(val row: Any, val until: TimeMark)

    private class Names(val names: Set<String>)

    private val seen = ConcurrentHashMap<String, Seen>()

    @Volatile private var generation = Any()

    override suspend fun keyByHash(hash: String): ApiKey? = remembered("key $hash") { store.keyByHash(hash) }

    override suspend fun requester(id: String): Requester? = remembered("requester $id") { store.requester(id) }

    override suspend fun approverByHash(hash: String): Approver? = remembered("approver $hash") { store.approverByHash(hash) }

    override suspend fun groupsOf(approverId: String): Set<String> = remembered("groups $approverId") {
        Names(store.groupsOf(approverId))
    }!!.names

    override suspend fun revokeGroup(id: String, at: Instant): Boolean = forgetting { store.revokeGroup(id, at) }

    override suspend fun addMember(groupId: String, approverId: String, at: Instant): Boolean =
        forgetting { store.addMember(groupId, approverId, at) }

    override suspend fun removeMember(groupId: String, approverId: String, at: Instant): Boolean =
        forgetting { store.removeMember(groupId, approverId, at) }

    override suspend fun revokeKey(id: String, at: Instant): Boolean = forgetting { store.revokeKey(id, at) }

    override suspend fun revokeRequester(id: String, at: Instant): List<String>? = forgetting { store.revokeRequester(id, at) }

    override suspend fun revokeApprover(id: String, at: Instant): Boolean = forgetting { store.revokeApprover(id, at) }

    private suspend inline fun <reified T : Any> remembered(name: String, read: () -> T?): T? {
        val known = seen[name]
        if (known != null && !known.until.hasPassedNow()) return known.row as T
        val before = generation
        val row = read() ?: return null
        keep(name, row, before)
        return row
    }

    @Synchronized
    private fun keep(name: String, row: Any, before: Any) {
        if (generation !== before) return
        if (seen.size >= MOST) seen.clear()
        seen[name] = Seen(row, time.markNow() + FOR)
    }

    private suspend fun <T> forgetting(change: suspend () -> T): T = try {
        change()
    } finally {
        forget()
    }

    @Synchronized
    private fun forget() {
        generation = Any()
        seen.clear()
    }

    private companion object {
        val FOR = 1.seconds
        const val MOST = 10_000
    }
}
