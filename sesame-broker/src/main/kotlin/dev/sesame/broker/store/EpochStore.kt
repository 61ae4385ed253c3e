package dev.sesame.broker.store

import java.time.Instant

/**
 * Which history the database tells. A restore takes back what had happened and lets something else happen in its place; whoever has seen what
 * was taken back must be told so, instead of being led on.
 */
internal interface EpochStore {
    /** The name of the present one; empty: the first, which no restore began. */
    suspend fun current(): String

    /** Begins another one, called [id], and tells the audit. */
    suspend fun begin(id: String, at: Instant)
}
