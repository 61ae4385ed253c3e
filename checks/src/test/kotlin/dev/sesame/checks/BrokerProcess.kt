package dev.sesame.checks

import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.io.path.readText

/** A real broker in a process of its own, on the class path of these tests; ready when [start] returns. */
internal class BrokerProcess private constructor(private val dataDir: Path, private val process: Process) : AutoCloseable {
    private val printed = ConcurrentLinkedQueue<String>()
    private val ready = CompletableFuture<String>()

    /** What it printed so far, both streams. */
    val output: String get() = printed.joinToString("\n")

    /** Where it listens. */
    val address: String get() = ready.getNow(null) ?: error("the broker is not ready")

    /** The port in [address], to start another one in its place. */
    val port: Int get() = address.substringAfterLast(':').toInt()

    /** The key of its first start. */
    val apiKey: String get() = dataDir.resolve("api-key").readText().trim()

    /** The admin's token of its first start. */
    val adminToken: String get() = dataDir.resolve("admin-token").readText().trim()

    /** `kill -9`: returns when it is gone. */
    fun kill() {
        process.destroyForcibly()
        check(process.waitFor(STOP_SECONDS, SECONDS)) { "the broker outlives kill -9" }
    }

    /** SIGTERM, as an operator stops it; returns its exit code, once it is gone. */
    fun stop(): Int {
        process.destroy()
        if (process.waitFor(STOP_SECONDS, SECONDS)) return process.exitValue()
        kill()
        error("the broker did not stop within $STOP_SECONDS s; it said:\n$output")
    }

    /** [stop], where it wasn't stopped or killed before. */
    override fun close() {
        if (process.isAlive) stop()
    }

    private fun awaitReady(): BrokerProcess = apply {
        Thread.ofVirtual().start {
            process.inputReader().forEachLine { line ->
                printed += line
                readyLine.find(line)?.let { ready.complete(it.groupValues[1]) }
            }
            ready.completeExceptionally(IllegalStateException("it ended"))
        }
        try {
            ready.get(START_SECONDS, SECONDS)
        } catch (problem: ExecutionException) {
            throw IllegalStateException("the broker did not start; it said:\n$output", problem)
        }
    }

    companion object {
        /** Far more than it takes: a loaded machine must not fail a test. */
        private const val START_SECONDS = 60L

        /** Twice what the contract gives it. */
        private const val STOP_SECONDS = 20L
        private val readyLine = Regex("ready on (http://\\S+)")

        /** [port] 0 takes a free one; [environment] adds to a clean one, in which nothing of Sesame's is set but these. */
        fun start(dataDir: Path, port: Int = 0, environment: Map<String, String> = emptyMap()): BrokerProcess {
            val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
            val builder = ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "dev.sesame.broker.AppKt", "broker")
            builder.redirectErrorStream(true).environment().apply {
                keys.removeIf { it.startsWith("SESAME_") }
                put("CLASSPATH", System.getProperty("java.class.path"))
                put("SESAME_DATA_DIR", dataDir.toString())
                put("SESAME_PORT", port.toString())
                putAll(environment)
            }
            val broker = BrokerProcess(dataDir, builder.start())
            try {
                return broker.awaitReady()
            } catch (problem: Exception) {
                broker.process.destroyForcibly()
                throw problem
            }
        }
    }
}
