package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.path
import dev.sesame.broker.CannotStart
import dev.sesame.broker.moveDatabase
import dev.sesame.broker.place
import java.nio.file.Path

/** From the embedded database to a PostgreSQL, while no broker runs. */
internal class MigrateCommand : CoreCliktCommand(name = "migrate") {
    override fun help(context: Context) =
        "Moves the embedded database of a stopped broker, whole, into an empty PostgreSQL, and verifies it there."

    private val dataDir by option(envvar = "SESAME_DATA_DIR", help = "The broker's").path().default(Path.of("sesame-data"))
    private val postgres by DatabaseOptions()

    override fun run() {
        val to = postgres.toConfig() ?: throw failure("name the PostgreSQL: --database-url, or ${DatabaseOptions.URL}")
        val moved = try {
            moveDatabase(dataDir, to)
        } catch (problem: CannotStart) {
            throw failure(problem.message.orEmpty())
        }
        echo("Moved to ${to.place()}: ${moved.arrived.rows.values.sum()} rows, ${moved.arrived.rows["approvals"]} requests among them")
        echo(
            "Nothing was changed on the way: the audit's ${moved.arrived.audit.head.seq} entries verify, head ${moved.arrived.audit.head.hash}",
        )
        echo("The file is ${moved.leftAs} now: keep it until you are sure, and start no broker from it")
        echo("Start brokers with ${DatabaseOptions.URL}, and with what is in $dataDir/secrets.key as SESAME_SECRETS_KEY")
    }
}
