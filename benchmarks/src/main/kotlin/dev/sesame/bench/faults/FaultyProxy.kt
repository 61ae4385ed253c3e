package dev.sesame.bench.faults

import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random

/** What a way between two processes does to the bytes on it. */
internal enum class Manner {
    WELL,

    /** Ends connections in the middle of what is sent, without a goodbye, and delivers half of it. */
    CUTS,

    /** Holds what is sent for a while. */
    DELAYS,

    /** Delivers each byte alone. */
    SPLITS,
}

/** A way on loopback to [toPort], for any protocol over TCP: it passes bytes on in its [manner], which may change at any time. */
internal class FaultyProxy(private val toPort: Int, private val random: Random) : AutoCloseable {
    @Volatile var manner = Manner.WELL

    /** How often it did something to what was sent. */
    val struck = AtomicInteger()
    private val server = ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())
    private val threads = Executors.newVirtualThreadPerTaskExecutor()
    private val open: MutableSet<Socket> = ConcurrentHashMap.newKeySet()
    val port: Int get() = server.localPort

    init {
        threads.execute { accept() }
    }

    override fun close() {
        server.close()
        open.forEach { it.close() }
        threads.shutdownNow()
    }

    private fun accept() {
        try {
            while (true) server.accept().also { threads.execute { connect(it) } }
        } catch (_: IOException) {
            // It is closed.
        }
    }

    private fun connect(caller: Socket) {
        val answerer = try {
            Socket(InetAddress.getLoopbackAddress(), toPort)
        } catch (_: IOException) {
            cut(caller)
            return
        }
        val both = listOf(caller, answerer).onEach { it.tcpNoDelay = true }
        open += both
        threads.execute { pass(caller, answerer) }
        pass(answerer, caller)
    }

    private fun pass(from: Socket, to: Socket) {
        val piece = ByteArray(PIECE)
        try {
            while (true) {
                val count = from.getInputStream().read(piece)
                if (count < 0) break
                passOn(piece, count, to)
            }
            to.shutdownOutput()
        } catch (_: IOException) {
            listOf(from, to).forEach(::cut)
        }
        if (from.isOutputShutdown || from.isClosed) listOf(from, to).forEach(::cut)
    }

    private fun passOn(piece: ByteArray, count: Int, to: Socket) {
        val out = to.getOutputStream()
        val now = manner
        if (now != Manner.WELL) struck.incrementAndGet()
        when (now) {
            Manner.CUTS -> if (random.nextInt(CUT_ONE_IN) == 0) {
                out.write(piece, 0, random.nextInt(count))
                throw IOException("cut")
            }

            Manner.DELAYS -> Thread.sleep(random.nextLong(LONGEST_DELAY_MS))

            Manner.SPLITS -> repeat(minOf(count, MOST_ALONE)) { out.write(piece, it, 1) }

            Manner.WELL -> Unit
        }
        val sent = if (now == Manner.SPLITS) minOf(count, MOST_ALONE) else 0
        out.write(piece, sent, count - sent)
    }

    /** With a reset, as where a machine on the way dies. */
    private fun cut(socket: Socket) {
        try {
            socket.setSoLinger(true, 0)
        } catch (_: IOException) {
            // It was closed before.
        }
        socket.close()
        open -= socket
    }

    private companion object {
        const val BACKLOG = 1_024
        const val PIECE = 16_384
        const val CUT_ONE_IN = 8
        const val LONGEST_DELAY_MS = 250L

        /** The beginning is where the parsers are. */
        const val MOST_ALONE = 4_096
    }
}
