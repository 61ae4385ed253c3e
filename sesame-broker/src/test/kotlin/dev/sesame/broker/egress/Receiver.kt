package dev.sesame.broker.egress

import java.io.BufferedReader
import java.io.IOException
import java.io.OutputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

/** A receiver of webhooks on a bare socket: it reads each request, then [answer] writes what it likes. */
internal class Receiver(
    private val listener: ServerSocket = ServerSocket(0, BACKLOG, InetAddress.getByName("127.0.0.1")),
    private val answer: Receiver.(Exchange) -> Unit,
) : AutoCloseable {
    class Request(val line: String, val headers: Map<String, String>, val body: String)

    class Exchange(val socket: Socket, val request: Request, private val out: OutputStream) {
        fun write(text: String) {
            out.write(text.toByteArray())
            out.flush()
        }
    }

    val port: Int = listener.localPort
    val url: String = "http://127.0.0.1:$port/hook"
    val requests = ConcurrentLinkedQueue<Request>()
    val connections = ConcurrentLinkedQueue<Socket>()
    private val closed = CountDownLatch(1)

    init {
        thread(isDaemon = true) {
            untilBroken {
                while (true) {
                    val socket = listener.accept()
                    connections.add(socket)
                    thread(isDaemon = true) { socket.use { untilBroken { serve(it) } } }
                }
            }
        }
    }

    /** Some milliseconds later; `false` once the receiver is closed. */
    fun later(): Boolean = !closed.await(PACE_MILLIS, TimeUnit.MILLISECONDS)

    /** Returns when the receiver is closed. */
    fun hold() {
        closed.await(HOLD_SECONDS, TimeUnit.SECONDS)
    }

    override fun close() {
        closed.countDown()
        listener.close()
        connections.forEach(Socket::close)
    }

    private fun serve(socket: Socket) {
        val reader = socket.getInputStream().bufferedReader(Charsets.ISO_8859_1)
        while (true) {
            val request = read(reader) ?: return
            requests.add(request)
            answer(Exchange(socket, request, socket.getOutputStream()))
        }
    }

    private fun read(reader: BufferedReader): Request? {
        val line = reader.readLine() ?: return null
        val headers = generateSequence { reader.readLine()?.takeIf(String::isNotEmpty) }
            .associate { it.substringBefore(':').lowercase() to it.substringAfter(':').trim() }
        val body = CharArray(headers["content-length"]?.toInt() ?: 0)
        var size = 0
        while (size < body.size) size += reader.read(body, size, body.size - size).also { if (it < 0) return null }
        return Request(line, headers, String(body))
    }

    private fun untilBroken(work: () -> Unit) = try {
        work()
    } catch (_: IOException) {
        // The other side left, or the receiver was closed.
    }

    private companion object {
        const val BACKLOG = 200
        const val PACE_MILLIS = 10L
        const val HOLD_SECONDS = 60L
    }
}

internal fun http(status: String, body: String = "", vararg headers: String): String =
    (listOf("HTTP/1.1 $status", "Content-Length: ${body.toByteArray().size}") + headers).joinToString("\r\n", postfix = "\r\n\r\n$body")
