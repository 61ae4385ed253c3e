package dev.sesame

import java.io.BufferedInputStream
import java.io.IOException
import java.io.InputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.ConcurrentHashMap
import kotlin.concurrent.thread

/** How an answer ends before its end. */
internal enum class Cut { OF_A_LENGTH, OF_CHUNKS, BY_RESET }

/** An honest broker on a real socket, with a human who says yes at once, that cuts its first answer to each kind of call in the middle. */
internal class CuttingServer(private val cut: Cut) : AutoCloseable {
    private val server = ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())

    /** So often each kind of call came. */
    val calls = ConcurrentHashMap<String, Int>()
    val url: String get() = "http://127.0.0.1:${server.localPort}"

    init {
        thread(isDaemon = true) {
            try {
                while (true) server.accept().let { thread(isDaemon = true) { serve(it) } }
            } catch (_: IOException) {
                // The test is over.
            }
        }
    }

    override fun close() = server.close()

    private fun serve(socket: Socket) = socket.use {
        try {
            val input = BufferedInputStream(it.getInputStream())
            while (true) answer(it, kindOf(readHead(input) ?: break))
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

    private fun kindOf(requestLine: String): String {
        val path = requestLine.split(' ')[1].substringBefore('?')
        return if (requestLine.startsWith("GET")) "read" else path.substringAfterLast('/')
    }

    private fun answer(socket: Socket, kind: String) {
        val body = when (kind) {
            "approvals" -> document("pending")
            "claim" -> grant().body
            else -> document("approved")
        }.toString()
        val isFirst = calls.merge(kind, 1, Int::plus) == 1
        val isInChunks = cut == Cut.OF_CHUNKS
        val framing = if (isInChunks) "Transfer-Encoding: chunked" else "Content-Length: ${body.length}"
        val head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSesame-Features: claim\r\n$framing\r\n\r\n"
        val sent = if (isFirst) body.dropLast(CUT_OFF) else body
        val framed = if (isInChunks) "%x\r\n%s\r\n%s".format(sent.length, sent, if (isFirst) "" else "0\r\n\r\n") else sent
        if (isFirst && cut == Cut.BY_RESET) socket.setSoLinger(true, 0)
        socket.getOutputStream().run {
            write((head + framed).toByteArray())
            flush()
        }
        if (isFirst) socket.close()
    }

    private companion object {
        const val BACKLOG = 16
        const val CUT_OFF = 40
    }
}
