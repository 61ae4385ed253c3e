package dev.sesame.broker.store.sql

import dev.sesame.broker.store.StoreUnavailable
import org.flywaydb.core.Flyway
import javax.sql.DataSource

/** Brings the schema in [source] to the newest that is [at] the class path; refuses one that is newer still, which only a newer broker knows. */
internal fun migrate(source: DataSource, at: String) {
    val flyway = Flyway.configure(NewerSchema::class.java.classLoader).dataSource(source).locations("classpath:$at").load()
    val info = flyway.info()
    val stands = info.current()?.version
    val known = info.all().filter { it.state.isResolved }.mapNotNull { it.version }.maxOrNull()
    if (stands != null && known != null && stands > known) throw NewerSchema("$stands", "$known")
    flyway.migrate()
}

/** A newer broker has been here. */
internal class NewerSchema(stands: String, known: String) :
    StoreUnavailable("its schema is of version $stands, and this broker knows up to $known: start a broker as new as the one that was here")
