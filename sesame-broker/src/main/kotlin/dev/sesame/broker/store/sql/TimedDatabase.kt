package dev.sesame.broker.store.sql

import dev.sesame.broker.store.DatabaseCall
import dev.sesame.broker.store.StoreUnavailable
import org.jdbi.v3.core.Handle
import kotlin.time.TimeSource

/** [inner], of which every call is [told]: how long it took, with what it waited for, and whether the engine failed. */
internal class TimedDatabase(private val inner: SqlDatabase, private val time: TimeSource, private val told: (DatabaseCall) -> Unit) :
    SqlDatabase {
    override suspend fun <T> write(block: (Handle) -> T): T = timed(isWrite = true) { inner.write(block) }

    override suspend fun <T> read(block: (Handle) -> T): T = timed(isWrite = false) { inner.read(block) }

    override fun close() = inner.close()

    /** What ends in any other way, a caller who leaves among them, says nothing of the engine. */
    private suspend fun <T> timed(isWrite: Boolean, call: suspend () -> T): T {
        val begun = time.markNow()
        return try {
            call().also { told(DatabaseCall(isWrite, isGood = true, begun.elapsedNow())) }
        } catch (problem: StoreUnavailable) {
            told(DatabaseCall(isWrite, isGood = false, begun.elapsedNow()))
            throw problem
        }
    }
}
