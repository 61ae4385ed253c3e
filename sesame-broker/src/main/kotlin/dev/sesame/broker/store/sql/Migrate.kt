package dev.sesame.broker.store.sql

import dev.sesame.broker.store.StoreUnavailable
import org.flywaydb.core.Flyway
import javax.sql.DataSource

/** Brings the schema in [source] to the newest that is [at] the class path; refuses one that is newer still, which only a newer broker knows. */
internal fun migrate(source: DataSource, at: String) {
    val flyway = flyway(source, at)
    val stands = flyway.info().current()?.version
    val known = flyway.info().all().filter { it.state.isResolved }.mapNotNull { it.version }.maxOrNull()
    if (stands != null && known != null && stands > known) throw NewerSchema("$stands", "$known")
    flyway.migrate()
}

/** Whether the schema in [source] lacks something that is [at] the class path. */
internal fun isOlder(source: DataSource, at: String): Boolean = flyway(source, at).info().pending().isNotEmpty()

private fun flyway(source: DataSource, at: String): Flyway =
    Flyway.configure(NewerSchema::class.java.classLoader).dataSource(source).locations("classpath:$at").load()

/** A newer broker has been here. */
internal class NewerSchema(stands: String, known: String) :
    StoreUnavailable("its schema is of version $stands, and this broker knows up to $known: start a broker as new as the one that was here")
