package dev.sesame.checks.deploy

import java.io.IOException
import java.net.InetAddress
import java.net.Socket
import java.nio.file.Path
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.io.path.readText

/** A proxy that runs until [close]; it listens at [port] when this is made. */
internal class ProxyProcess(words: List<String>, directory: Path, environment: Map<String, String>, port: Int) : AutoCloseable {
    private val log = directory.resolve("said.log")
    private val process = ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true).redirectOutput(log.toFile())
        .apply { environment().putAll(environment) }.start()

    init {
        val isThere = (1..LOOKS).any { listens(port) || process.waitFor(LOOK_MS, MILLISECONDS).also { if (it) failed("ended") } }
        if (!isThere) failed("isn't listening")
    }

    override fun close() {
        process.destroy()
        if (!process.waitFor(STOP_SECONDS, SECONDS)) process.destroyForcibly()
    }

    private fun listens(port: Int): Boolean = try {
        Socket(InetAddress.getLoopbackAddress(), port).close()
        true
    } catch (_: IOException) {
        false
    }

    private fun failed(how: String): Nothing {
        process.destroyForcibly()
        error("the proxy $how; it said:\n${log.readText()}")
    }

    private companion object {
        const val LOOK_MS = 20L
        const val LOOKS = 1_500
        const val STOP_SECONDS = 10L
    }
}
