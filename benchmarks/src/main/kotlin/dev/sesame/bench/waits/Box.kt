package dev.sesame.bench.waits

import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.APPEND
import java.nio.file.StandardOpenOption.CREATE
import kotlin.io.path.readText

/** The machine's own floors, measured in the same run: what a commit and a message cost here without any broker. */
internal class Box(private val dir: Path) {
    fun describe(): String = "box: ${Runtime.getRuntime().availableProcessors()} cpus, " +
        "JDK ${System.getProperty("java.runtime.version")}, load average ${load()}; " +
        "floors: ${"%,.0f".format(flushesPerSecond())} fdatasync/s (1 KB appends), loopback echo p50 ${"%.0f".format(echoMicros())} us"

    /** Appends of 1 KB, each flushed, for 2 s. */
    private fun flushesPerSecond(): Double {
        val file = dir.resolve("flush-probe")
        val block = ByteBuffer.allocate(BLOCK_BYTES)
        var count = 0
        FileChannel.open(file, CREATE, APPEND).use { channel ->
            val end = System.nanoTime() + PROBE_NS
            while (System.nanoTime() < end) {
                channel.write(block.clear())
                channel.force(false)
                count++
            }
        }
        Files.delete(file)
        return count * NS_IN_S / PROBE_NS
    }

    /** The median round trip of one byte between two threads, over 2 s. */
    private fun echoMicros(): Double {
        ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { server ->
            Thread.ofPlatform().daemon().start { echo(server) }
            Socket(server.inetAddress, server.localPort).use { socket ->
                socket.tcpNoDelay = true
                val end = System.nanoTime() + PROBE_NS
                val took = ArrayList<Double>()
                while (System.nanoTime() < end) {
                    val sent = System.nanoTime()
                    socket.outputStream.write(0)
                    socket.inputStream.read()
                    took += (System.nanoTime() - sent) / NS_IN_US
                }
                return percentile(took, MEDIAN)
            }
        }
    }

    private fun echo(server: ServerSocket) {
        try {
            server.accept().use { socket ->
                socket.tcpNoDelay = true
                while (true) socket.outputStream.write(socket.inputStream.read().also { if (it < 0) return })
            }
        } catch (_: IOException) {
            // The probe is over.
        }
    }

    companion object {
        private const val BLOCK_BYTES = 1024
        private const val PROBE_NS = 2_000_000_000L
        private const val NS_IN_S = 1e9
        private const val NS_IN_US = 1e3
        private const val MEDIAN = 0.5

        /** The load average over 1, 5 and 15 minutes, where the system says it. */
        fun load(): String {
            val file = Path.of("/proc/loadavg")
            return if (Files.exists(file)) file.readText().split(' ').take(3).joinToString(" ") else "n/a"
        }
    }
}
