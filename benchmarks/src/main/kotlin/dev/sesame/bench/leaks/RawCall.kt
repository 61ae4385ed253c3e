package dev.sesame.bench.leaks

import java.io.IOException
import java.net.Socket
import java.net.URI

/** One connection over which [request] was sent, to be broken off in one way or the other. */
internal class RawCall(url: String, request: ByteArray) {
    private val socket = connected(URI(url)).apply {
        tcpNoDelay = true
        soTimeout = LONGEST_MS
        getOutputStream().write(request)
    }

    /** Returns when the broker has sent [text]. */
    fun awaitText(text: String) {
        val heard = StringBuilder()
        val buffer = ByteArray(BUFFER)
        while (text !in heard) {
            val count = socket.getInputStream().read(buffer)
            check(count > 0) { "the broker hung up after: $heard" }
            heard.append(String(buffer, 0, count, Charsets.ISO_8859_1))
        }
    }

    /** Without a word: the system tells the broker that nobody is there. */
    fun reset() {
        socket.setSoLinger(true, 0)
        socket.close()
    }

    /** As a client that goes away in peace; what it was sent and didn't read makes a reset of it all the same. */
    fun finish() {
        try {
            socket.shutdownOutput()
        } catch (_: IOException) {
            // The broker was faster.
        }
        socket.close()
    }

    private companion object {
        const val LONGEST_MS = 20_000
        const val BUFFER = 4096
        const val TRIES = 200
        const val PAUSE_MS = 50L

        /** The system may have no port of ours left for a moment: those of before are kept for a while. */
        fun connected(url: URI): Socket {
            repeat(TRIES) {
                try {
                    return Socket(url.host, url.port)
                } catch (_: IOException) {
                    Thread.sleep(PAUSE_MS)
                }
            }
            error("no connection to $url")
        }
    }
}
