package dev.sesame.broker.store.sql

import dev.sesame.broker.audit.fact
import dev.sesame.broker.store.EpochStore
import org.jdbi.v3.core.Handle
import java.time.Instant

/** Epochs in SQL. */
internal class SqlEpochStore(private val database: SqlDatabase) : EpochStore {
    override suspend fun current(): String = database.read { it.epoch() }

    override suspend fun begin(id: String, at: Instant) = database.write { it.beginEpoch(id, at) }
}

internal fun Handle.epoch(): String =
    createQuery("SELECT id FROM epochs ORDER BY seq DESC LIMIT 1").mapTo(String::class.java).findOne().orElse("")

internal fun Handle.beginEpoch(id: String, at: Instant) {
    createUpdate("INSERT INTO epochs (id, began_at) VALUES (:id, :at)").bind("id", id).bind("at", at.toEpochMilli()).execute()
    audit(fact("epoch.began", "epoch" to id), at)
}
