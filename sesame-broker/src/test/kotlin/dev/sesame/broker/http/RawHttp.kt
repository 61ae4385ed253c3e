package dev.sesame.broker.http

import java.net.Socket
import java.net.URI

/** Sends [text] to the broker at [url] byte for byte, as no HTTP client would, and returns the answer's first line. */
internal fun rawCall(url: String, text: String): String {
    val address = URI.create(url)
    return Socket(address.host, address.port).use { socket ->
        socket.soTimeout = 10_000
        socket.getOutputStream().write(text.toByteArray(Charsets.ISO_8859_1))
        socket.getOutputStream().flush()
        socket.getInputStream().bufferedReader(Charsets.ISO_8859_1).readLine().orEmpty()
    }
}

internal fun rawRequest(line: String, vararg headers: String): String =
    (listOf(line, "Host: localhost", "Connection: close") + headers).joinToString("\r\n", postfix = "\r\n\r\n")
