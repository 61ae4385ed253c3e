package dev.sesame.bench.waits

import java.io.BufferedInputStream
import java.io.IOException
import java.net.Socket
import java.net.URI
import java.util.concurrent.atomic.AtomicInteger

/** The people, as bare as HTTP allows: one kept connection each, so that what is measured is the broker and who waits for it. */
internal class Deciders(url: String, token: String) : AutoCloseable {
    private val people = List(COUNT) { Decider(URI(url), token) }

    /** Returns when the broker says that [answer] is on its disk. */
    fun decide(id: String, answer: String): Unit = people.first().decide(id, answer)

    /** All of [ids] by all deciders at once, as fast as they can. */
    fun decideAll(ids: List<String>, answer: String) {
        val next = AtomicInteger()
        val workers = people.map { person ->
            Thread.ofPlatform().start { generateSequence { ids.getOrNull(next.getAndIncrement()) }.forEach { person.decide(it, answer) } }
        }
        workers.forEach { it.join() }
    }

    override fun close(): Unit = people.forEach { it.close() }

    companion object {
        const val COUNT = 8
    }
}

private class Decider(url: URI, private val token: String) : AutoCloseable {
    private val host = "${url.host}:${url.port}"
    private val socket = Socket(url.host, url.port).apply { tcpNoDelay = true }
    private val answers = BufferedInputStream(socket.inputStream)

    fun decide(id: String, answer: String) {
        val body = "{\"decision\":\"$answer\"}"
        val request = "POST /v1/approvals/$id/decision HTTP/1.1\r\nHost: $host\r\nAuthorization: Bearer $token\r\n" +
            "Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n$body"
        socket.outputStream.write(request.toByteArray())
        val status = line()
        var length = 0
        while (true) {
            val header = line().ifEmpty { break }
            if (header.startsWith("content-length:", ignoreCase = true)) length = header.substringAfter(':').trim().toInt()
        }
        val document = answers.readNBytes(length)
        if (" 200 " !in status) throw IOException("$id could not be decided: $status ${document.decodeToString()}")
    }

    override fun close(): Unit = socket.close()

    private fun line(): String = buildString {
        while (true) {
            val byte = answers.read()
            if (byte < 0) throw IOException("the broker hung up")
            if (byte == '\n'.code) break
            if (byte != '\r'.code) append(byte.toChar())
        }
    }
}
