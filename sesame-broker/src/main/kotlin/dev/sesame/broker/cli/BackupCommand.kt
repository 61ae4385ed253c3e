package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.path
import dev.sesame.broker.BrokerDirectory
import dev.sesame.broker.backUp
import dev.sesame.broker.store.StoreUnavailable
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path

/** Copies the database of a running, or stopped, broker. */
internal class BackupCommand : CoreCliktCommand(name = "backup") {
    override fun help(context: Context) = "Writes a consistent copy of the embedded database to FILE, also while the broker runs."

    private val dataDir by option(envvar = "SESAME_DATA_DIR", help = "The broker's").path().default(Path.of("sesame-data"))
    private val databaseUrl by option("--database-url", envvar = DatabaseOptions.URL, hidden = true)
    private val file by argument("FILE", help = "Must not exist yet").path()

    override fun run() {
        if (databaseUrl != null) {
            throw failure("${DatabaseOptions.URL} is set, and this copies the embedded database alone: take pg_dump for a PostgreSQL")
        }
        val database = BrokerDirectory.databaseIn(dataDir)
        if (Files.notExists(database)) throw failure("there is no database in $dataDir")
        if (Files.exists(file)) throw failure("$file exists already: choose another name")
        try {
            BrokerDirectory.privately(file)
            backUp(database, file)
        } catch (problem: IOException) {
            throw failure("$file can't be made: ${problem.javaClass.simpleName}")
        } catch (problem: StoreUnavailable) {
            throw failure(problem.message!!)
        }
        echo("Backed up to $file (${Files.size(file)} bytes)")
    }
}
