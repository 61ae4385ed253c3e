package dev.sesame.broker.store.sql

import org.jdbi.v3.core.Handle

/** A database that runs the same SQL texts. Both calls throw `StoreUnavailable` where the engine fails. */
internal interface SqlDatabase : AutoCloseable {
    /** Runs [block] in a transaction; when this returns, it is on disk. [block] may run more than once, so it touches nothing else. */
    suspend fun <T> write(block: (Handle) -> T): T

    /** Runs [block] on what is committed; more than once where a connection breaks. */
    suspend fun <T> read(block: (Handle) -> T): T
}
