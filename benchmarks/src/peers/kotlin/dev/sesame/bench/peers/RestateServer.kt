package dev.sesame.bench.peers

import dev.sesame.bench.KeptConnection
import dev.sesame.bench.freePort
import java.io.IOException
import java.net.URI
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** A Restate server of one node in a process of its own, on the loopback alone, with its data in [dir]; it ends with this JVM. */
internal class RestateServer(private val program: Path, private val dir: Path) : AutoCloseable {
    private val addresses = generateSequence(::freePort).distinct().take(3).map { "127.0.0.1:$it" }.toList()
    private val node = addresses[0]
    private val admin = addresses[1]
    private val calls = addresses[2]
    private val log = dir.resolve("restate.log").toFile()
    private var process: Process? = null
    private val endWithUs = Thread { process?.destroyForcibly() }.also(Runtime.getRuntime()::addShutdownHook)

    /** Where handlers are called and awakeables resolved. */
    val url: String = "http://$calls"
    val pid: Long get() = checkNotNull(process).pid()

    /** Returns when it answers. */
    fun start() {
        val began = System.nanoTime()
        val builder = ProcessBuilder("$program").directory(dir.toFile())
        builder.environment() += settings()
        process = builder.redirectErrorStream(true).redirectOutput(log).start()
        while (!isReady("http://$admin", "/health") || !isReady(url, "/restate/health")) {
            check(process?.isAlive == true && System.nanoTime() - began < START_NS) { "Restate's server does not start: ${log.readText()}" }
            Thread.sleep(LOOK_EVERY_MS)
        }
    }

    /** Tells it of the handlers at [endpoint]; from then on they are the ones to be called. */
    fun register(endpoint: URI): Unit = KeptConnection("http://$admin").use {
        val said = it.post("/deployments", "{\"uri\":\"$endpoint\"}")
        check(said.status == CREATED) { "Restate takes no handlers: ${said.status} ${said.body}" }
    }

    override fun close() {
        process?.destroy()
        process?.waitFor(END_S, TimeUnit.SECONDS)
        process?.destroyForcibly()
        Runtime.getRuntime().removeShutdownHook(endWithUs)
    }

    /** Nothing that it does with data or memory is changed. */
    private fun settings() = mapOf(
        "RESTATE_BASE_DIR" to "${dir.resolve("data")}",
        "RESTATE_NODE_NAME" to "bench",
        "RESTATE_CLUSTER_NAME" to "bench",
        "RESTATE_LISTEN_MODE" to "tcp",
        "RESTATE_BIND_IP" to "127.0.0.1",
        "RESTATE_BIND_ADDRESS" to node,
        "RESTATE_ADVERTISED_ADDRESS" to "http://$node/",
        "RESTATE_ADMIN__BIND_ADDRESS" to admin,
        "RESTATE_INGRESS__BIND_ADDRESS" to calls,
        "RESTATE_LOG_DISABLE_ANSI_CODES" to "true",
        "RESTATE_DISABLE_TELEMETRY" to "true",
        "DO_NOT_TRACK" to "1",
    )

    private fun isReady(url: String, path: String): Boolean = try {
        KeptConnection(url).use { it.get(path).status == OK }
    } catch (_: IOException) {
        false
    }

    private companion object {
        const val START_NS = 60_000_000_000L
        const val LOOK_EVERY_MS = 50L
        const val END_S = 15L
        const val OK = 200
        const val CREATED = 201
    }
}
