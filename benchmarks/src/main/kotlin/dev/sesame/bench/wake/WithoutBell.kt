package dev.sesame.bench.wake

import java.io.DataInputStream
import java.io.DataOutputStream
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger

/**
 * What a pooler that lends connections by the transaction is to `LISTEN`: every call passes, and what the [server] sends unasked does not.
 *
 * The connections must be without TLS: what the server says is read message by message.
 */
internal class WithoutBell(private val server: InetSocketAddress) : AutoCloseable {
    private val socket = ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())
    private val threads = Executors.newVirtualThreadPerTaskExecutor()
    private val kept = AtomicInteger()

    val port: Int get() = socket.localPort

    /** How many rings were kept back. */
    val rings: Int get() = kept.get()

    init {
        threads.execute { untilCut { while (true) socket.accept().let { caller -> threads.execute { untilCut { serve(caller) } } } } }
    }

    override fun close() {
        socket.close()
        threads.shutdownNow()
    }

    private fun serve(caller: Socket) = caller.use {
        Socket(server.address, server.port).use { there ->
            listOf(caller, there).forEach { it.tcpNoDelay = true }
            threads.execute {
                untilCut { caller.inputStream.transferTo(there.outputStream) }
                there.close()
            }
            passMessages(there.inputStream, caller.outputStream)
        }
    }

    /** Each message is its kind in one byte, then the length of the rest, which counts itself. */
    private fun passMessages(from: InputStream, to: OutputStream) {
        val messages = DataInputStream(from.buffered(BUFFER_BYTES))
        val passed = DataOutputStream(to.buffered(BUFFER_BYTES))
        while (true) {
            val kind = messages.read()
            if (kind < 0) return
            val length = messages.readInt()
            val body = messages.readNBytes(length - Int.SIZE_BYTES)
            if (kind == RING) {
                kept.incrementAndGet()
            } else {
                passed.write(kind)
                passed.writeInt(length)
                passed.write(body)
            }
            if (messages.available() == 0) passed.flush()
        }
    }

    /** Either side may hang up at any time, and so may the bench. */
    private fun untilCut(work: () -> Unit) = try {
        work()
    } catch (_: IOException) {
        // Over.
    }

    private companion object {
        const val BACKLOG = 64
        const val BUFFER_BYTES = 16 * 1024
        const val RING = 'A'.code
    }
}
