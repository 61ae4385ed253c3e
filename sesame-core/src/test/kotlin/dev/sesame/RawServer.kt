package dev.sesame

import java.io.BufferedInputStream
import java.io.IOException
import java.io.InputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

/** Where a request came: by the [connection]th connection, with that first line. */
internal class RawCall(val connection: Int, val requestLine: String, val socket: Socket) {
    val path: String get() = requestLine.split(' ')[1].substringBefore('?')

    fun write(text: String): Unit = socket.getOutputStream().run {
        write(text.toByteArray())
        flush()
    }

    /** A whole answer, after which the connection is kept. */
    fun answer(body: String, head: String = "") =
        write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n$head\r\n$body")
}

/** A server on a real socket that reads requests, and leaves all else to [answer]. */
internal class RawServer(private val answer: (RawCall) -> Unit) : AutoCloseable {
    private val server = ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())
    private val accepted = AtomicInteger()

    /** So many connections came. */
    val connections: Int get() = accepted.get()
    val url: String get() = "http://127.0.0.1:${server.localPort}"

    init {
        thread(isDaemon = true) {
            try {
                while (true) {
                    val socket = server.accept()
                    val number = accepted.incrementAndGet()
                    thread(isDaemon = true) { serve(number, socket) }
                }
            } catch (_: IOException) {
                // The test is over.
            }
        }
    }

    override fun close() = server.close()

    private fun serve(number: Int, socket: Socket) = socket.use {
        try {
            val input = BufferedInputStream(it.getInputStream())
            while (true) answer(RawCall(number, readHead(input) ?: break, it))
        } catch (_: IOException) {
            // Whoever called is gone.
        }
    }

    /** The request line; head and body are read over. */
    private fun readHead(input: InputStream): String? {
        val lines = generateSequence { readLine(input) }.takeWhile(String::isNotEmpty).toList()
        val length = lines.firstOrNull { it.startsWith("content-length:", ignoreCase = true) }?.substringAfter(':')?.trim()?.toInt() ?: 0
        input.readNBytes(length)
        return lines.firstOrNull()
    }

    private fun readLine(input: InputStream): String? {
        val line = StringBuilder()
        while (true) {
            val byte = input.read()
            if (byte < 0) return null
            if (byte == '\n'.code) return "$line"
            if (byte != '\r'.code) line.append(byte.toChar())
        }
    }

    private companion object {
        const val BACKLOG = 64
    }
}
