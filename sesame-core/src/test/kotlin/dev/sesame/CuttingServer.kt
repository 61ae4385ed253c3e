package dev.sesame

import java.util.concurrent.ConcurrentHashMap

/** How an answer ends before its end. */
internal enum class Cut { OF_A_LENGTH, OF_CHUNKS, BY_RESET, WITHOUT_A_LENGTH }

/** An honest broker on a real socket, with a human who says yes at once, that cuts its first answer to each kind of call in the middle. */
internal class CuttingServer(private val cut: Cut) : AutoCloseable {
    private val server = RawServer(::answer)

    /** So often each kind of call came. */
    val calls = ConcurrentHashMap<String, Int>()
    val url: String get() = server.url

    override fun close() = server.close()

    private fun answer(call: RawCall) {
        val kind = if (call.requestLine.startsWith("GET")) "read" else call.path.substringAfterLast('/')
        val body = when (kind) {
            "approvals" -> document("pending")
            "claim" -> grant().body
            else -> document("approved")
        }.toString()
        val isFirst = calls.merge(kind, 1, Int::plus) == 1
        val isInChunks = cut == Cut.OF_CHUNKS
        val framing = when (cut) {
            Cut.OF_CHUNKS -> "Transfer-Encoding: chunked"
            Cut.WITHOUT_A_LENGTH -> "Connection: close"
            else -> "Content-Length: ${body.length}"
        }
        val head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSesame-Features: claim\r\n$framing\r\n\r\n"
        val sent = if (isFirst) body.dropLast(CUT_OFF) else body
        val framed = if (isInChunks) "%x\r\n%s\r\n%s".format(sent.length, sent, if (isFirst) "" else "0\r\n\r\n") else sent
        if (isFirst && cut == Cut.BY_RESET) call.socket.setSoLinger(true, 0)
        call.write(head + framed)
        if (isFirst || cut == Cut.WITHOUT_A_LENGTH) call.socket.close()
    }

    private companion object {
        const val CUT_OFF = 40
    }
}
