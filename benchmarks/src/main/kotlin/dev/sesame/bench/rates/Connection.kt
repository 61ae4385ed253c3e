package dev.sesame.bench.rates

import java.io.IOException
import java.net.Socket
import java.net.URI

/** One kept connection, as bare as HTTP allows: so that what is measured is the broker, and not who calls it. For one thread. */
internal class Connection(url: String, credential: String) : AutoCloseable {
    private val uri = URI(url)
    private val socket = Socket(uri.host, uri.port).apply { tcpNoDelay = true }
    private val input = socket.inputStream
    private val buffer = ByteArray(BUFFER_BYTES)
    private var from = 0
    private var until = 0
    private val head = " HTTP/1.1\r\nHost: ${uri.host}:${uri.port}\r\nAuthorization: Bearer $credential\r\n"

    fun get(path: String): Answer {
        socket.outputStream.write("GET $path$head\r\n".toByteArray())
        return answer()
    }

    fun post(path: String, body: String): Answer {
        val bytes = body.toByteArray()
        val begin = "POST $path${head}Content-Type: application/json\r\nContent-Length: ${bytes.size}\r\n\r\n".toByteArray()
        socket.outputStream.write(begin + bytes)
        return answer()
    }

    override fun close(): Unit = socket.close()

    private fun answer(): Answer {
        val status = line().split(' ')[1].toInt()
        var length = 0
        while (true) {
            val header = line().ifEmpty { break }
            if (header.startsWith("content-length:", ignoreCase = true)) length = header.substringAfter(':').trim().toInt()
        }
        return Answer(status, body(length))
    }

    private fun body(length: Int): String {
        val bytes = ByteArray(length)
        var there = 0
        while (there < length) {
            if (from == until) fill()
            val some = minOf(length - there, until - from)
            buffer.copyInto(bytes, there, from, from + some)
            from += some
            there += some
        }
        return bytes.decodeToString()
    }

    private fun line(): String {
        val line = StringBuilder()
        while (true) {
            if (from == until) fill()
            val byte = buffer[from++].toInt()
            if (byte == '\n'.code) return line.toString()
            if (byte != '\r'.code) line.append(byte.toChar())
        }
    }

    private fun fill() {
        from = 0
        until = input.read(buffer)
        if (until < 0) throw IOException("the broker hung up")
    }

    private companion object {
        const val BUFFER_BYTES = 16 * 1024
    }
}

internal class Answer(val status: Int, val body: String) {
    /** The approval that a 2xx tells of; what isn't one ends the bench. */
    fun approvalId(): String {
        check(status in OK) { "the broker answered $status: $body" }
        return body.substringAfter(ID, "").substringBefore('"').also { check(it.startsWith("ap_")) { "no approval: $body" } }
    }

    private companion object {
        val OK = 200..201
        const val ID = "\"approval_id\":\""
    }
}
