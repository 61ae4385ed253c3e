package dev.sesame.broker

import dev.sesame.broker.delivery.awaitThat
import io.kotest.assertions.withClue
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.readText

/** The real program, or another [main], in a process of its own, with no terminal. */
internal class BrokerProcess(environment: Map<String, String>, arguments: List<String>, main: String = "dev.sesame.broker.AppKt") :
    AutoCloseable {
    private val process: Process
    private val logs = temporaryDirectory()
    private val outFile = logs.resolve("out")
    private val errFile = logs.resolve("err")

    init {
        val java = ProcessHandle.current().info().command().get()
        val line = listOf(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp") +
            System.getProperty("java.class.path") + main + arguments
        val builder = ProcessBuilder(line).redirectOutput(outFile.toFile()).redirectError(errFile.toFile())
        builder.environment().apply {
            keys.removeIf { it.startsWith("SESAME_") }
            putAll(environment)
        }
        builder.directory(logs.toFile())
        process = builder.start()
    }

    val out: String get() = outFile.readText()
    val err: String get() = errFile.readText()

    /** Where it serves, once it says so. */
    fun ready(): String {
        val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_START_SECONDS)
        while (System.nanoTime() < end && process.isAlive) {
            READY.find(out)?.let { return it.groupValues[1] }
            process.waitFor(20, TimeUnit.MILLISECONDS)
        }
        return withClue("out: $out\nerr: $err") { READY.find(out).shouldNotBeNull().groupValues[1] }
    }

    /** Returns once it has printed [line]. */
    fun awaitLine(line: String) = awaitThat("\"$line\" to be printed", LONGEST_START_SECONDS) { line in out.lines() }

    /** How it exited, within [seconds]. */
    fun exitCode(seconds: Long = LONGEST_START_SECONDS): Int {
        withClue("still running; out: $out\nerr: $err") { process.waitFor(seconds, TimeUnit.SECONDS) shouldBe true }
        return process.exitValue()
    }

    /** SIGTERM. */
    fun stop() = process.destroy()

    /** SIGSTOP: it stands still, and its connections stay open. */
    fun pause() = signal("STOP")

    /** SIGCONT. */
    fun goOn() = signal("CONT")

    private fun signal(name: String) {
        ProcessBuilder("kill", "-$name", "${process.pid()}").start().waitFor() shouldBe 0
    }

    /** SIGKILL. */
    fun kill() {
        process.destroyForcibly()
        exitCode()
    }

    override fun close() {
        process.destroyForcibly()
    }

    companion object {
        private val READY = Regex("""ready on (http://\S+)""")
        private const val LONGEST_START_SECONDS = 60L

        /** A broker on a free port. */
        fun broker(dataDir: Path, vararg more: String, environment: Map<String, String> = emptyMap()) =
            BrokerProcess(environment, listOf("broker", "--port", "0", "--data-dir", "$dataDir", *more))
    }
}
