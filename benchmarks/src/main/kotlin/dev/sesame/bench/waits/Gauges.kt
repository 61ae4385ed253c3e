package dev.sesame.bench.waits

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.PlainHttp
import dev.sesame.bench.Proc
import dev.sesame.bench.ThisJvm
import java.net.URI
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.readLines

/** What the two processes hold and use, read from outside the code under test. */
internal class Gauges(private val broker: BrokerProcess) : AutoCloseable {
    private val http = PlainHttp(broker.url, credential = null)
    private val remotePort = "%04X".format(URI(broker.url).port)

    /** Bytes in use on this JVM's heap after three collections. */
    fun clientHeapBytes(): Double = ThisJvm.heapBytes()

    /** The same of the broker, told by its metrics; `null` where its JVM can't be asked to collect. */
    fun brokerHeapBytes(collections: Int = COLLECTIONS): Double? {
        repeat(collections) { if (!collectAtBroker()) return null }
        return metric("jvm_memory_used_bytes{area=\"heap\"")
    }

    fun threads(): Double = ThisJvm.threads()

    /** Connections from here to the broker's port that are established, less the bench's own; `null` where the system doesn't tell. */
    fun sockets(deciders: Int = Deciders.COUNT): Double? {
        heldPolls() // so that our own connection is there for certain
        val tables = listOf("/proc/self/net/tcp", "/proc/self/net/tcp6").map(Path::of).filter(Files::exists)
        if (tables.isEmpty()) return null
        return tables.flatMap { it.readLines().drop(1) }.map { it.trim().split(Regex("\\s+")) }
            .count { it[REMOTE].endsWith(":$remotePort") && it[STATE] == ESTABLISHED }.toDouble() - OWN - deciders
    }

    /** Seconds of processor time that each process used so far: this one, and the broker. */
    fun cpuSeconds(): Pair<Double, Double>? {
        return (Proc.own().cpuSeconds() ?: return null) to (Proc(broker.pid).cpuSeconds() ?: return null)
    }

    fun heldPolls(): Int = metric("sesame_polls_held").toInt()

    /** How many calls the broker was asked so far, this one among them. */
    fun calls(): Double = metric("sesame_calls_total")

    override fun close(): Unit = http.close()

    /** The sum of what the broker's metrics tell under names that begin so. */
    fun metric(name: String): Double = http.text("/metrics").lines()
        .filter { it.startsWith(name) }
        .sumOf { it.substringAfterLast(' ').toDouble() }

    private fun collectAtBroker(): Boolean {
        val command = Path.of(System.getProperty("java.home"), "bin", "jcmd")
        if (!Files.exists(command)) return false
        val jcmd = ProcessBuilder("$command", "${broker.pid}", "GC.run").redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
        return jcmd.waitFor(JCMD_S, TimeUnit.SECONDS) && jcmd.exitValue() == 0
    }

    private companion object {
        const val OWN = 1
        const val COLLECTIONS = 3
        const val REMOTE = 2
        const val STATE = 3
        const val ESTABLISHED = "01"
        const val JCMD_S = 30L
    }
}
