package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.StoreUnavailable
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.Jdbi
import org.jdbi.v3.core.JdbiException
import org.sqlite.SQLiteConfig
import org.sqlite.SQLiteDataSource
import java.nio.file.Path

/** Gives [look] the database [file] of a running or stopped broker in one transaction that can only read. */
internal fun <T> readDatabase(file: Path, look: (Handle) -> T): T {
    val config = SQLiteConfig().apply {
        setReadOnly(true)
        busyTimeout = BUSY_MS
    }
    val source = SQLiteDataSource(config).apply { url = "jdbc:sqlite:$file" }
    return try {
        Jdbi.create(source).inTransaction<T, RuntimeException>(look)
    } catch (problem: JdbiException) {
        throw StoreUnavailable(
            "$file can't be read as a broker's database of this version: ${problem.cause?.message ?: problem.message}",
            problem,
        )
    }
}

private const val BUSY_MS = 5_000
