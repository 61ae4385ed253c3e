package dev.sesame.bench.waits

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.PlainHttp
import java.lang.management.ManagementFactory
import java.net.URI
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.readLines
import kotlin.io.path.readText

/** What the two processes hold and use, read from outside the code under test. */
internal class Gauges(private val broker: BrokerProcess) : AutoCloseable {
    private val http = PlainHttp(broker.url, credential = null)
    private val remotePort = "%04X".format(URI(broker.url).port)

    /** Bytes in use on this JVM's heap after three collections. */
    fun clientHeapBytes(): Double {
        repeat(COLLECTIONS) { System.gc() }
        return ManagementFactory.getMemoryMXBean().heapMemoryUsage.used.toDouble()
    }

    /** The same of the broker, told by its metrics; `null` where its JVM can't be asked to collect. */
    fun brokerHeapBytes(collections: Int = COLLECTIONS): Double? {
        repeat(collections) { if (!collectAtBroker()) return null }
        return metric("jvm_memory_used_bytes{area=\"heap\"")
    }

    fun threads(): Double = ManagementFactory.getThreadMXBean().threadCount.toDouble()

    /** Connections from here to the broker's port that are established, less the bench's own; `null` where the system doesn't tell. */
    fun sockets(): Double? {
        heldPolls() // so that our own connection is there for certain
        val tables = listOf("/proc/self/net/tcp", "/proc/self/net/tcp6").map(Path::of).filter(Files::exists)
        if (tables.isEmpty()) return null
        return tables.flatMap { it.readLines().drop(1) }.map { it.trim().split(Regex("\\s+")) }
            .count { it[REMOTE].endsWith(":$remotePort") && it[STATE] == ESTABLISHED }.toDouble() - OWN - Deciders.COUNT
    }

    /** Seconds of processor time that each process used so far: this one, and the broker. */
    fun cpuSeconds(): Pair<Double, Double>? {
        if (!Files.exists(Path.of("/proc/self/stat"))) return null
        return cpuOf("self") to cpuOf("${broker.pid}")
    }

    fun heldPolls(): Int = metric("sesame_polls_held").toInt()

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

    private fun cpuOf(process: String): Double {
        val fields = Path.of("/proc/$process/stat").readText().substringAfterLast(')').trim().split(' ')
        return (fields[USER_TICKS].toLong() + fields[SYSTEM_TICKS].toLong()) / TICKS_PER_SECOND
    }

    private companion object {
        const val OWN = 1
        const val COLLECTIONS = 3
        const val REMOTE = 2
        const val STATE = 3
        const val ESTABLISHED = "01"

        /** After the name in brackets. */
        const val USER_TICKS = 11
        const val SYSTEM_TICKS = 12
        const val TICKS_PER_SECOND = 100.0
        const val JCMD_S = 30L
    }
}
