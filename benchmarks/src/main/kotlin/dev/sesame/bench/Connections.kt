package dev.sesame.bench

import java.io.IOException
import java.net.InetSocketAddress
import java.net.URI
import java.nio.ByteBuffer
import java.nio.channels.ClosedSelectorException
import java.nio.channels.SelectionKey
import java.nio.channels.Selector
import java.nio.channels.SocketChannel
import java.util.concurrent.ConcurrentLinkedQueue

/**
 * Any number of connections that are held open and read by one thread, so that what is measured is who writes to them.
 *
 * That thread calls [hear] with what came on one of them and when, and [ended] where the other side closed it.
 */
internal class Connections(private val hear: (Open, String, Long) -> Unit, private val ended: (Open) -> Unit) : AutoCloseable {
    /** One of them, number [number] in the order of their opening. */
    class Open(val number: Int, private val channel: SocketChannel) {
        /** What came and wasn't dealt with yet; for who listens. */
        val rest = StringBuilder()

        /** Sends what is so short that it is taken at once. */
        fun send(bytes: ByteArray) {
            val left = ByteBuffer.wrap(bytes)
            channel.write(left)
            check(!left.hasRemaining()) { "connection $number takes nothing" }
        }

        internal fun register(selector: Selector) = channel.register(selector, SelectionKey.OP_READ, this)

        internal fun close() = channel.close()
    }

    private val selector = Selector.open()
    private val joining = ConcurrentLinkedQueue<Open>()
    private val all = ArrayList<Open>()
    private val buffer = ByteBuffer.allocateDirect(BUFFER_BYTES)
    private val reader = Thread.ofPlatform().daemon().start(::read)

    val size: Int get() = all.size

    /** Opens one and sends [request]. By one thread alone. */
    fun open(url: URI, request: String) {
        val channel = SocketChannel.open(InetSocketAddress(url.host, url.port))
        channel.write(ByteBuffer.wrap(request.toByteArray()))
        channel.configureBlocking(false)
        val open = Open(all.size, channel)
        all += open
        joining += open
        selector.wakeup()
    }

    override fun close() {
        selector.close()
        reader.join()
        all.forEach { it.close() }
    }

    private fun read() {
        try {
            while (true) {
                selector.select(::readFrom)
                generateSequence { joining.poll() }.forEach { it.register(selector) }
            }
        } catch (_: ClosedSelectorException) {
            // Closed by the bench.
        }
    }

    private fun readFrom(key: SelectionKey) {
        val open = key.attachment() as Open
        val count = try {
            (key.channel() as SocketChannel).read(buffer.clear())
        } catch (_: IOException) {
            ENDED
        }
        val now = System.nanoTime()
        if (count == ENDED) {
            key.cancel()
            ended(open)
        } else {
            hear(open, Charsets.ISO_8859_1.decode(buffer.flip()).toString(), now)
        }
    }

    private companion object {
        const val BUFFER_BYTES = 64 * 1024
        const val ENDED = -1
    }
}
