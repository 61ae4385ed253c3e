package dev.sesame.bench.once

import dev.sesame.bench.signal
import java.io.IOException
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** Where a worker finds what it needs, and who hears what it prints. */
internal class Surroundings(
    val scratch: Path,
    val apiKey: String,
    val leaseSeconds: Int,
    val heard: (Replica, String) -> Unit,
    val ended: (Replica) -> Unit,
)

/** One place of the user's program: a process, and after each kill another one in its stead. It ends with this JVM. */
internal class Replica(val index: Int, private val brokerUrl: String, private val around: Surroundings) : AutoCloseable {
    private var generation = 0

    @Volatile private var process: Process? = null

    @Volatile var isStopped = false
        private set
    private val endWithUs = Thread { process?.destroyForcibly() }.also(Runtime.getRuntime()::addShutdownHook)

    fun start() {
        generation++
        val name = "w$index-$generation"
        val program = listOf("-cp", System.getProperty("java.class.path"), "dev.sesame.bench.once.WorkerKt")
        val args = listOf("${Effects.fileOf(around.scratch, name)}", name, "${around.leaseSeconds}")
        val builder = ProcessBuilder(listOf("${System.getProperty("java.home")}/bin/java") + small + program + args)
        builder.environment() += mapOf("SESAME_API_KEY" to around.apiKey, "SESAME_BROKER_URL" to brokerUrl)
        builder.redirectError(ProcessBuilder.Redirect.appendTo(around.scratch.resolve("w$index.log").toFile()))
        val started = builder.start()
        process = started
        Thread.ofVirtual().start {
            started.inputReader().forEachLine { around.heard(this, it) }
            around.ended(this)
        }
    }

    /** Hands it a message; one that is gone just doesn't get it. */
    @Synchronized
    fun deliver(delivery: Delivery) {
        try {
            process?.outputWriter()?.run {
                write("$delivery\n")
                flush()
            }
        } catch (_: IOException) {
            // The queue gives it again.
        }
    }

    /** SIGKILL, and a new process at once. */
    fun killAndStart() {
        // By its id: else the JDK closes what it printed, too.
        val ending = checkNotNull(process)
        signal("KILL")
        check(ending.waitFor(END_SECONDS, TimeUnit.SECONDS)) { "worker $index outlived kill -9" }
        start()
    }

    /** SIGSTOP: it stands still in the middle of whatever it does, and knows nothing of it. */
    fun stop() {
        isStopped = true
        signal("STOP")
    }

    fun goOn() {
        signal("CONT")
        isStopped = false
    }

    override fun close() {
        process?.takeIf { it.isAlive }?.run {
            signal("KILL")
            waitFor(END_SECONDS, TimeUnit.SECONDS)
        }
        Runtime.getRuntime().removeShutdownHook(endWithUs)
    }

    private fun signal(name: String) = checkNotNull(process).signal(name)

    private companion object {
        val small = listOf("-Xmx160m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
        const val END_SECONDS = 15L
    }
}
