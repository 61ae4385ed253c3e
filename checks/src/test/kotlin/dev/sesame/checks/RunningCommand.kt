package dev.sesame.checks

import io.kotest.core.test.TestScope
import io.kotest.engine.TestAbortedException
import java.io.File
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeoutException
import kotlin.io.path.createTempFile
import kotlin.io.path.deleteIfExists
import kotlin.io.path.isExecutable
import kotlin.io.path.readText
import kotlin.time.Duration
import kotlin.time.TimeSource

/** A command that was started in [directory], with all that it starts; nothing of Sesame's is set for it but [environment]. */
internal class RunningCommand(private val words: List<String>, directory: Path, environment: Map<String, String>) : AutoCloseable {
    private val printed = createTempFile("command", ".txt")
    private val family: MutableSet<ProcessHandle> = ConcurrentHashMap.newKeySet()
    private val process: Process = ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true)
        // A file, not a pipe: what outlives the command must not hold up whoever reads.
        .redirectOutput(printed.toFile())
        .redirectInput(File("/dev/null"))
        .apply {
            environment().keys.removeIf { it.startsWith("SESAME_") }
            environment().putAll(environment)
        }
        .start()

    /** What it printed so far, both streams. */
    val output: String get() = printed.readText()

    /** Returns its exit code; [IllegalStateException] where it doesn't end within [atMost]. */
    fun await(atMost: Duration): Int {
        val started = TimeSource.Monotonic.markNow()
        while (!process.waitFor(LOOK_MS, MILLISECONDS)) {
            process.descendants().forEach(family::add)
            check(started.elapsedNow() < atMost) { "$words didn't end within $atMost; it said:\n$output" }
        }
        return process.exitValue()
    }

    /** What it started and left behind: of all that was seen while it ran, what still runs after [grace]. */
    fun leftovers(grace: Duration): List<String> {
        try {
            CompletableFuture.allOf(*family.map { it.onExit() }.toTypedArray()).get(grace.inWholeMilliseconds, MILLISECONDS)
        } catch (_: TimeoutException) {
            // Then it is named below.
        }
        return family.filter { it.isAlive }.map { "${it.pid()} ${it.info().command().orElse("?")}" }
    }

    /** Kills what is left of it. */
    override fun close() {
        process.descendants().forEach(family::add)
        (family + process.toHandle()).forEach { it.destroyForcibly() }
        printed.deleteIfExists()
    }

    private companion object {
        const val LOOK_MS = 20L
    }
}

/** Ends the test as skipped where a tool of [names] isn't on the path; with `CI=true`, which must have them, fails it. */
internal fun TestScope.needTools(vararg names: String) {
    missing(*names)?.let { skipUnlessCi("not on the path: $it") }
}

/** The same for what not even CI has to have: skipped. */
internal fun TestScope.skipWithout(vararg names: String) {
    missing(*names)?.let { skip("not on the path: $it") }
}

/** Which tools of [names] aren't on the path; `null` where all are. */
internal fun missing(vararg names: String): String? {
    val folders = System.getenv("PATH").orEmpty().split(File.pathSeparator).filter { it.isNotEmpty() }
    return names.filterNot { name -> folders.any { Path.of(it, name).isExecutable() } }.joinToString().ifEmpty { null }
}

/** Ends the test as skipped, saying [why]; with `CI=true` fails it. */
internal fun TestScope.skipUnlessCi(why: String) {
    if (System.getenv("CI") == "true") throw AssertionError("${testCase.name.name} can't run: $why")
    skip(why)
}

/** Ends the test as skipped, saying [why]. */
internal fun TestScope.skip(why: String): Nothing {
    println("SKIPPED: ${testCase.name.name}: $why")
    throw TestAbortedException(why)
}
