package dev.sesame.bench

import java.io.BufferedInputStream
import java.io.IOException
import java.net.Socket
import java.net.URI

/** HTTP as bare as it can be: one connection, kept, and one call at a time on it. */
internal class KeptConnection(url: String, credential: String? = null) : AutoCloseable {
    /** What was answered. */
    class Answer(val status: Int, val body: String)

    private val place = URI(url)
    private val head = "Host: ${place.authority}\r\n" + credential?.let { "Authorization: Bearer $it\r\n" }.orEmpty()
    private val socket = Socket(place.host, place.port).apply { tcpNoDelay = true }
    private val answers = BufferedInputStream(socket.inputStream)

    fun get(path: String): Answer = exchange("GET $path HTTP/1.1\r\n$head\r\n")

    fun post(path: String, body: String): Answer = exchange(
        "POST $path HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: ${body.toByteArray().size}\r\n\r\n$body",
    )

    override fun close(): Unit = socket.close()

    private fun exchange(request: String): Answer {
        socket.outputStream.write(request.toByteArray())
        val status = line()
        var length = 0
        while (true) {
            val header = line().ifEmpty { break }
            if (header.startsWith("content-length:", ignoreCase = true)) length = header.substringAfter(':').trim().toInt()
        }
        return Answer(status.split(' ')[1].toInt(), answers.readNBytes(length).decodeToString())
    }

    private fun line(): String = buildString {
        while (true) {
            val byte = answers.read()
            if (byte < 0) throw IOException("the server hung up")
            if (byte == '\n'.code) break
            if (byte != '\r'.code) append(byte.toChar())
        }
    }
}
