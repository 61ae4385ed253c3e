package dev.sesame.broker.move

import dev.sesame.broker.BrokerProcess
import dev.sesame.broker.DatabaseConfig
import dev.sesame.broker.moveDatabase
import dev.sesame.broker.store.sqlite.MoveStep
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.locks.LockSupport

/** Moves a database in a process of its own that stands still after one step, to be killed there, or until it is told to go on. */
internal object MoveProcess {
    /** As the move of [directory] to [url]; stands still after [step] until [goOn] exists. */
    fun standing(step: MoveStep, directory: Path, url: String, goOn: Path = directory.resolve("never")): BrokerProcess =
        BrokerProcess(emptyMap(), listOf("$directory", url, step.name, "$goOn"), MoveProcess::class.java.name)
            .also { it.awaitLine(step.name) }

    @JvmStatic
    fun main(arguments: Array<String>) {
        val (directory, url, step, goOn) = arguments
        moveDatabase(Path.of(directory), DatabaseConfig(url)) {
            println(it)
            while (it.name == step && Files.notExists(Path.of(goOn))) LockSupport.parkNanos(PAUSE_NANOS)
        }
    }

    private const val PAUSE_NANOS = 10_000_000L
}
