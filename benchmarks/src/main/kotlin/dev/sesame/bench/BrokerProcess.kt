package dev.sesame.bench

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.exists
import kotlin.io.path.readText
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/**
 * A real broker in a process of its own, with its own data directory in [scratch]; it can be killed and started again on the same data.
 *
 * It ends with this JVM, however this ends.
 */
internal class BrokerProcess(
    private val scratch: Path,
    private val port: Int = 0,
    private val jvm: List<String> = emptyList(),
    private val environment: Map<String, String> = emptyMap(),
) : AutoCloseable {
    val dataDir: Path = scratch.resolve("data")
    private val log = scratch.resolve("broker.log").toFile()
    private var process: Process? = null
    private val endWithUs = Thread { process?.destroyForcibly() }.also(Runtime.getRuntime()::addShutdownHook)

    val url: String get() = dataDir.resolve("address").readText().trim()
    val apiKey: String get() = environment[API_KEY] ?: dataDir.resolve("api-key").readText().trim()
    val adminToken: String get() = environment[APPROVER_TOKEN] ?: dataDir.resolve("admin-token").readText().trim()
    val pid: Long get() = checkNotNull(process).pid()

    /** Starts it, and returns how long it took until it answered. */
    fun start(): Duration {
        val began = System.nanoTime()
        Files.createDirectories(scratch)
        // After a kill the old address lies there still.
        Files.deleteIfExists(dataDir.resolve("address"))
        val builder = ProcessBuilder(listOf("${System.getProperty("java.home")}/bin/java") + jvm + program() + "broker")
        builder.environment() += limits + environment + mapOf("SESAME_PORT" to "$port", "SESAME_DATA_DIR" to "$dataDir")
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        process = builder.start()
        while (!isReady()) {
            check(process?.isAlive == true && System.nanoTime() - began < START_MS * 1_000_000) {
                "the broker does not start: ${log.readText()}"
            }
            Thread.sleep(LOOK_EVERY_MS)
        }
        return (System.nanoTime() - began).nanoseconds
    }

    /** `kill -9`: no goodbye, nothing flushed. */
    fun kill() {
        val ending = checkNotNull(process).destroyForcibly()
        check(ending.waitFor(END_MS, TimeUnit.MILLISECONDS)) { "the broker outlived kill -9" }
        check(ending.exitValue() == KILLED) { "the broker ended by itself, with ${ending.exitValue()}: ${log.readText()}" }
    }

    /** A command of the broker's on its data directory; its exit code, and what it printed. */
    fun command(vararg args: String): Pair<Int, String> {
        val builder = ProcessBuilder(listOf("${System.getProperty("java.home")}/bin/java") + program() + args).redirectErrorStream(true)
        builder.environment() += environment + ("SESAME_DATA_DIR" to "$dataDir")
        val running = builder.start()
        val printed = running.inputReader().readText()
        return running.waitFor() to printed.trim()
    }

    override fun close() {
        process?.destroy()
        process?.waitFor(END_MS, TimeUnit.MILLISECONDS)
        process?.destroyForcibly()
        Runtime.getRuntime().removeShutdownHook(endWithUs)
    }

    private fun isReady(): Boolean {
        if (!dataDir.resolve("address").exists() || url.isEmpty()) return false
        return PlainHttp(url, credential = null).use { it.isAnswering("/readyz") }
    }

    companion object {
        const val API_KEY = "SESAME_BOOTSTRAP_API_KEY"
        const val APPROVER_TOKEN = "SESAME_BOOTSTRAP_APPROVER_TOKEN"
        private const val START_MS = 60_000L
        private const val LOOK_EVERY_MS = 20L
        private const val END_MS = 15_000L

        /** 128 + SIGKILL. */
        private const val KILLED = 137
        private const val PLENTY = "1000000"

        /** The contract's limits are per requester, and this is one requester with the load of many. */
        val limits: Map<String, String> = mapOf(
            "SESAME_LIMIT_OPENS_PER_SECOND" to PLENTY,
            "SESAME_LIMIT_OPEN_BURST" to PLENTY,
            "SESAME_LIMIT_OPEN_REQUESTS" to PLENTY,
            "SESAME_LIMIT_HELD_POLLS" to PLENTY,
        )

        val limitsInWords: String get() = limits.entries.joinToString(" ") { (name, value) -> "$name=$value" }

        /** The jar that the command line names, or what a test has on its class path. */
        private fun program(): List<String> = System.getProperty("sesame.broker.jar")?.let { listOf("-jar", it) }
            ?: listOf("-cp", System.getProperty("java.class.path"), "dev.sesame.broker.AppKt")
    }
}
