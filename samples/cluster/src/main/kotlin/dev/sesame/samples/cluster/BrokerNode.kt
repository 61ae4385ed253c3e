package dev.sesame.samples.cluster

import java.net.URI
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.io.path.exists
import kotlin.io.path.readText

/** One broker of several, in a process of its own with a directory of its own; [settings] are the same for all. */
internal class BrokerNode(
    val name: String,
    private val jar: Path,
    private val directory: Path,
    private val settings: Map<String, String>,
) : AutoCloseable {
    @Volatile private var process: Process? = null

    @Volatile private var isEnding = false
    private val log = directory.resolveSibling("broker-$name.log")

    val url: String get() = directory.resolve("address").readText().trim()

    /** 0 until it was started; from then on the same, so that the proxy finds it again. */
    var port = 0
        private set

    val apiKey: String get() = directory.resolve("api-key").readText().trim()
    val adminToken: String get() = directory.resolve("admin-token").readText().trim()
    val signInLink: String get() = directory.resolve("sign-in-link").readText().trim()

    /** Returns when it answers. */
    @Synchronized
    fun start() {
        val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val archive = jar.resolveSibling("quickstart.jsa")
        val shared = if (archive.exists()) listOf("-XX:SharedArchiveFile=$archive", "-Xlog:disable") else emptyList()
        val small = listOf("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
        val builder = ProcessBuilder(listOf(java) + small + shared + listOf("-jar", "$jar", "broker"))
        builder.environment().apply {
            keys.removeIf { it.startsWith("SESAME_") }
            putAll(settings)
            put("SESAME_DATA_DIR", "$directory")
            put("SESAME_PORT", "$port")
        }
        Files.deleteIfExists(log)
        val begun = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start()
        process = begun
        if (isEnding) begun.destroy()
        awaitReady(begun)
        port = url.substringAfterLast(':').toInt()
    }

    /** `kill -9`: returns when it is gone. */
    @Synchronized
    fun kill() {
        process?.destroyForcibly()?.waitFor()
    }

    /** SIGTERM, as an operator stops it; also while it starts. */
    fun askToStop() {
        isEnding = true
        process?.destroy()
    }

    /** Returns when it is gone. */
    @Synchronized
    override fun close() {
        val running = process ?: return
        askToStop()
        if (!running.waitFor(STOP_SECONDS, SECONDS)) running.destroyForcibly()
    }

    private fun awaitReady(process: Process) {
        repeat(LOOKS) {
            if ("ready on" in log.readText()) return
            if (process.waitFor(LOOK_MS, MILLISECONDS)) error("broker $name didn't start: ${log.readText().trim()}")
        }
        error("broker $name isn't ready after ${LOOKS * LOOK_MS / 1_000} s: ${log.readText().trim()}")
    }

    private companion object {
        const val LOOK_MS = 50L
        const val LOOKS = 1_200
        const val STOP_SECONDS = 15L
    }
}

/** How many decision feeds it holds open, by its own metrics. */
internal fun BrokerNode.feeds(): Int {
    val metrics = URI("$url/metrics").toURL().openStream().reader().use { it.readText() }
    return metrics.lineSequence().first { it.startsWith("sesame_feeds ") }.substringAfter(' ').toDouble().toInt()
}
