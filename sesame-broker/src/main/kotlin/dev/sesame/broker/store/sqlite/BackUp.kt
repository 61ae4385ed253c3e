package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.StoreUnavailable
import java.nio.file.Files
import java.nio.file.Path
import java.sql.DriverManager
import java.sql.SQLException

/** Copies the database [from] a running or stopped broker into the new file [to], as of one moment, checks the copy and marks it as one. */
internal fun copyDatabase(from: Path, to: Path) {
    try {
        DriverManager.getConnection("jdbc:sqlite:$from").use { connection ->
            connection.prepareStatement("VACUUM INTO ?").use {
                it.setString(1, to.toString())
                it.execute()
            }
        }
        checkAndMark(to)
    } catch (problem: SQLException) {
        Files.deleteIfExists(to)
        throw StoreUnavailable("the copy failed and was removed: ${problem.message}", problem)
    }
}

private fun checkAndMark(copy: Path) {
    DriverManager.getConnection("jdbc:sqlite:$copy").use { connection ->
        connection.createStatement().use { statement ->
            val answer = statement.executeQuery("PRAGMA integrity_check").use { if (it.next()) it.getString(1) else "no answer" }
            if (answer != "ok") throw SQLException("it is damaged: $answer")
        }
        markAsCopy(connection)
    }
}
