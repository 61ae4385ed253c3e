package dev.sesame.bench.inbox

import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.URI
import java.nio.ByteBuffer
import java.nio.channels.ServerSocketChannel

/** The floor: one thread that writes an event's bytes to [size] connections of this machine, one after the other. */
internal class BareFanOut(size: Int) : AutoCloseable {
    private val server = ServerSocketChannel.open().bind(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG)
    private val streams = EventStreams()
    private val sockets = List(size) {
        streams.connect(URI("http://127.0.0.1:${(server.localAddress as InetSocketAddress).port}"), "hello")
        server.accept()
    }

    fun tell(summary: String): Spread {
        Thread.sleep(BETWEEN_MS)
        val event = "id: ${"c".repeat(CURSOR)}\nevent: asked\ndata: {\"summary\":\"$summary\",\"rest\":\"${"r".repeat(REST)}\"}\n\n"
        val bytes = ByteBuffer.wrap(event.toByteArray())
        val sentAt = System.nanoTime()
        sockets.forEach { it.write(bytes.rewind()) }
        return Spread(sentAt, streams.arrivals(summary))
    }

    override fun close() {
        streams.close()
        sockets.forEach { it.close() }
        server.close()
    }

    private companion object {
        const val BACKLOG = 100
        const val BETWEEN_MS = 50L

        /** About what the broker's events have. */
        const val CURSOR = 80
        const val REST = 280
    }
}
