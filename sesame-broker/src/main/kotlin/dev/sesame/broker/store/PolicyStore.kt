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

    /** Stores [policy], of so many [rules], which is the last one, and in force, from now on. The newest [MOST] are kept. */
    suspend fun set(policy: SetPolicy, rules: Int)

    /** Those that are kept, the newest first. */
    suspend fun history(): List<SetPolicy>

    /** Keeps in the audit [at] now that a policy came into force, unless its newest entry of that kind says the same. */
    suspend fun tookForce(policy: InForce, at: Instant)

    companion object {
        /** To look back by. */
        const val MOST = 100
    }
}

/** A policy as an admin set it: its text, the approver's id, and when. */
internal data class SetPolicy(val text: String, val setBy: String, val setAt: Instant)

/** A policy that holds: where it comes from in a word, the hash of its text as hex where it has one, and how many rules. */
internal data class InForce(val source: String, val sha256: String?, val rules: Int)
