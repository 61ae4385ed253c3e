package dev.sesame.bench.floor

import dev.sesame.bench.KeptConnection
import dev.sesame.bench.freePort
import java.io.IOException
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** The bare server in a process of its own, with the JVM's options [jvm]; it ends with this JVM, however this ends. */
internal class BareProcess(scratch: Path, private val jvm: List<String> = emptyList()) : AutoCloseable {
    private val port = freePort()
    private val log = scratch.resolve("bare.log").toFile()
    private var process: Process? = null
    private val endWithUs = Thread { process?.destroyForcibly() }.also(Runtime.getRuntime()::addShutdownHook)

    val url: String get() = "http://127.0.0.1:$port"
    val pid: Long get() = checkNotNull(process).pid()

    /** Starts it, and returns how long it took until it answered. */
    fun start(): Duration {
        val began = System.nanoTime()
        val command = listOf("${System.getProperty("java.home")}/bin/java") + jvm +
            listOf("-cp", System.getProperty("java.class.path"), "dev.sesame.bench.floor.BareServerKt", "$port")
        process = ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log)).start()
        while (!isAnswering()) {
            check(process?.isAlive == true && System.nanoTime() - began < START_NS) { "the bare server does not start: ${log.readText()}" }
            Thread.sleep(LOOK_EVERY_MS)
        }
        return (System.nanoTime() - began).nanoseconds
    }

    /** Bytes in use on its heap after three collections. */
    fun heapBytes(): Double = ask("/heap").toDouble()

    /** How many calls it holds. */
    fun held(): Int = ask("/held").toInt()

    fun release(): Unit = KeptConnection(url).use { it.post("/release", "{}") }

    override fun close() {
        process?.destroy()
        process?.waitFor(END_S, TimeUnit.SECONDS)
        process?.destroyForcibly()
        Runtime.getRuntime().removeShutdownHook(endWithUs)
    }

    private fun ask(path: String): String = KeptConnection(url).use { it.get(path).body }

    private fun isAnswering(): Boolean = try {
        ask("/healthz").isNotEmpty()
    } catch (_: IOException) {
        false
    }

    private companion object {
        const val START_NS = 60_000_000_000L
        const val LOOK_EVERY_MS = 5L
        const val END_S = 15L
    }
}
