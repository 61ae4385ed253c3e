package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.path
import dev.sesame.broker.CannotStart
import dev.sesame.broker.moveDatabase
import dev.sesame.broker.place
import dev.sesame.broker.takeBackDatabase
import java.nio.file.Path
import java.util.Locale

/** From the embedded database to a PostgreSQL, also beside a running broker. */
internal class MigrateCommand : CoreCliktCommand(name = "migrate") {
    override fun help(context: Context) =
        "Moves the embedded database, whole, into an empty PostgreSQL, and verifies it there; a broker that runs on it ends."

    private val dataDir by option(envvar = "SESAME_DATA_DIR", help = "The broker's").path().default(Path.of("sesame-data"))
    private val postgres by DatabaseOptions()
    private val takeBack by option(help = "Goes back from a move that was cut off, unless all of it arrived in the PostgreSQL").flag()
    private val postgresIsGone by option(help = "With --take-back: that PostgreSQL is lost for good, and can't be looked at").flag()

    override fun run() {
        if (takeBack) return takeBack()
        val to = place()
        val moved = try {
            moveDatabase(dataDir, to)
        } catch (problem: CannotStart) {
            throw failure(problem.message.orEmpty())
        }
        echo("Moved to ${to.place()}: ${moved.arrived.rows.values.sum()} rows, ${moved.arrived.rows["approvals"]} requests among them")
        echo(
            "Nothing was changed on the way: the audit's ${moved.arrived.audit.head.seq} entries verify, head ${moved.arrived.audit.head.hash}",
        )
        echo("Nothing could be written for %.1f s".format(Locale.ROOT, moved.refused.inWholeMilliseconds / MS_IN_A_SECOND))
        when (val file = moved.leftAs) {
            null -> echo(
                "The broker that ran in $dataDir hasn't ended: stop it. It can't write any more, and neither can another one there",
            )

            else -> echo("The file is $file now: keep it until you are sure, and start no broker from it")
        }
        echo("Start brokers with ${DatabaseOptions.URL}, and with what is in $dataDir/secrets.key as SESAME_SECRETS_KEY")
    }

    private fun place() = postgres.toConfig() ?: throw failure("name the PostgreSQL: --database-url, or ${DatabaseOptions.URL}")

    private fun takeBack() {
        try {
            takeBackDatabase(dataDir, if (postgresIsGone) null else place())
        } catch (problem: CannotStart) {
            throw failure(problem.message.orEmpty())
        }
        echo("The database in $dataDir can be written again: empty the PostgreSQL before you move anew, and start no broker on it")
    }

    private companion object {
        const val MS_IN_A_SECOND = 1_000.0
    }
}
