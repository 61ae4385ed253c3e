package dev.sesame.broker.http

import java.net.Socket
import java.net.URI

/** A connection over which bytes go as they are, as no HTTP client would send them. */
internal class RawCall(url: String) : AutoCloseable {
    private val socket = URI.create(url).let { Socket(it.host, it.port) }.apply { soTimeout = 10_000 }
    private val answer = socket.getInputStream().bufferedReader(Charsets.ISO_8859_1)

    fun send(text: String) {
        socket.getOutputStream().write(text.toByteArray(Charsets.ISO_8859_1))
        socket.getOutputStream().flush()
    }

    /** The status line and the headers of the next answer; empty where the broker hung up. */
    fun head(): List<String> = generateSequence { answer.readLine()?.takeIf { it.isNotEmpty() } }.toList()

    /** The next [count] characters. */
    fun text(count: Int): String = String(CharArray(count) { answer.read().toChar() })

    /** All that still comes until the broker hangs up. */
    fun rest(): String = answer.readText()

    override fun close() = socket.close()
}

/** Sends [text] to the broker at [url] byte for byte, and returns the answer's first line. */
internal fun rawCall(url: String, text: String): String = RawCall(url).use {
    it.send(text)
    it.head().firstOrNull().orEmpty()
}

internal fun rawRequest(line: String, vararg headers: String): String =
    (listOf(line, "Host: localhost", "Connection: close") + headers).joinToString("\r\n", postfix = "\r\n\r\n")

/** The head of a POST whose body of [length] bytes comes later. */
internal fun rawPost(path: String, bearer: String, length: Int): String = listOf(
    "POST $path HTTP/1.1",
    "Host: localhost",
    "Authorization: Bearer $bearer",
    "Content-Type: application/json",
    "Content-Length: $length",
).joinToString("\r\n", postfix = "\r\n\r\n")
