package dev.sesame.broker.store

import java.time.Instant

/**
 * Where policies are kept that admins set.
 *
 * Every adapter passes `PolicyStoreContract`. What it has acknowledged is on disk.
 */
internal interface PolicyStore {
    /** The one set last; `null` where none ever was. */
    suspend fun policy(): SetPolicy?

    /** Stores [policy], which is the last one from now on. The newest [MOST] are kept. */
    suspend fun set(policy: SetPolicy)

    /** Those that are kept, the newest first. */
    suspend fun history(): List<SetPolicy>

    companion object {
        /** To look back by. */
        const val MOST = 100
    }
}

/** A policy as an admin set it: its text, the approver's id, and when. */
internal data class SetPolicy(val text: String, val setBy: String, val setAt: Instant)
