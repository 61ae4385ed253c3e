package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.path
import dev.sesame.broker.CannotStart
import dev.sesame.broker.beginEpoch
import java.nio.file.Path

/** For databases that were put back by other means than `backup`, which a broker can't notice by itself. */
internal class RestoredCommand : CoreCliktCommand(name = "restored") {
    override fun help(context: Context) = "Says that the database was put back to an earlier time, by pg_restore, a snapshot or such: " +
        "a new epoch begins, and no cursor of a feed from before holds. Run it before brokers start."

    private val dataDir by option(envvar = "SESAME_DATA_DIR", help = "The broker's").path().default(Path.of("sesame-data"))
    private val postgres by DatabaseOptions()

    override fun run() {
        val epoch = try {
            beginEpoch(dataDir, postgres.toConfig())
        } catch (problem: CannotStart) {
            throw failure(problem.message.orEmpty())
        }
        echo("A new epoch begins ($epoch): whoever follows a feed begins it anew and reads what they wait for")
    }
}
