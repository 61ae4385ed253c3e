package dev.sesame.bench.inbox

import java.io.IOException
import java.net.InetSocketAddress
import java.net.URI
import java.nio.ByteBuffer
import java.nio.channels.ClosedSelectorException
import java.nio.channels.SelectionKey
import java.nio.channels.Selector
import java.nio.channels.SocketChannel
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Semaphore
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/**
 * Any number of connections that are held open and read by one thread, so that what is measured is who writes to them.
 *
 * A connection counts as ready when it was sent a line that holds [sign]. Of the rest it looks for summaries of questions. An event is one
 * write and lies in one chunk, so chunks need not be told apart.
 */
internal class EventStreams(private val sign: String = "event: ready") : AutoCloseable {
    private class Held(val number: Int) {
        /** What came after the last whole line. */
        val rest = StringBuilder()
    }

    /** When each connection was told of one question. */
    private class Told(size: Int) {
        val at = LongArray(size)
        val missing = CountDownLatch(size)
    }

    private val selector = Selector.open()
    private val joining = ConcurrentLinkedQueue<SocketChannel>()
    private val channels = ArrayList<SocketChannel>()
    private val told = ConcurrentHashMap<String, Told>()
    private val ready = Semaphore(0)
    private val bad = AtomicInteger()
    private val buffer = ByteBuffer.allocateDirect(BUFFER_BYTES)
    private val reader = Thread.ofPlatform().daemon().start(::read)

    @Volatile private var size = 0

    /** How often a connection ended by itself, or was told once more of a question that it knew. */
    val faults: Int get() = bad.get()

    /** Opens the inbox stream of who is signed in by [cookie]. */
    fun openInbox(url: String, cookie: String): Unit =
        connect(URI(url), "GET /v1/inbox/stream HTTP/1.1\r\nHost: ${URI(url).authority}\r\nCookie: $cookie\r\n\r\n")

    /** Opens a connection, sends [request] and holds it. */
    fun connect(url: URI, request: String) {
        val channel = SocketChannel.open(InetSocketAddress(url.host, url.port))
        channel.write(ByteBuffer.wrap(request.toByteArray()))
        channel.configureBlocking(false)
        channels += channel
        size = channels.size
        joining += channel
        selector.wakeup()
    }

    /** Returns when all that were opened are ready; fails where one isn't within seconds. */
    fun awaitReady() {
        check(ready.tryAcquire(size, LONGEST_S, TimeUnit.SECONDS)) { "${ready.availablePermits()} of $size connections are ready" }
    }

    /** When each connection was told of the question with this summary; 0 for one that isn't within seconds. */
    fun arrivals(summary: String): LongArray = toldOf(summary).let {
        it.missing.await(LONGEST_S, TimeUnit.SECONDS)
        it.at.clone()
    }

    override fun close() {
        selector.close()
        reader.join()
        channels.forEach { it.close() }
    }

    /** Whoever comes first makes it: the event may be here before who asks for it. */
    private fun toldOf(summary: String): Told = told.computeIfAbsent(summary) { Told(size) }

    private fun read() {
        try {
            var next = 0
            while (true) {
                selector.select(::readFrom)
                generateSequence { joining.poll() }.forEach { it.register(selector, SelectionKey.OP_READ, Held(next++)) }
            }
        } catch (_: ClosedSelectorException) {
            // Closed by the bench.
        }
    }

    private fun readFrom(key: SelectionKey) {
        val count = try {
            (key.channel() as SocketChannel).read(buffer.clear())
        } catch (_: IOException) {
            ENDED
        }
        val now = System.nanoTime()
        if (count == ENDED) {
            bad.incrementAndGet()
            return key.cancel()
        }
        val held = key.attachment() as Held
        held.rest.append(Charsets.ISO_8859_1.decode(buffer.flip()))
        val end = held.rest.lastIndexOf("\n") + 1
        held.rest.substring(0, end).lineSequence().forEach { line ->
            if (sign in line) ready.release()
            if (line.startsWith(DATA)) SUMMARY.find(line)?.let { mark(it.groupValues[1], held.number, now) }
        }
        held.rest.delete(0, end)
    }

    private fun mark(summary: String, number: Int, now: Long) {
        val question = toldOf(summary)
        if (question.at[number] != 0L) {
            bad.incrementAndGet()
            return
        }
        question.at[number] = now
        question.missing.countDown()
    }

    private companion object {
        const val BUFFER_BYTES = 64 * 1024
        const val LONGEST_S = 30L
        const val ENDED = -1
        const val DATA = "data: "
        val SUMMARY = Regex(""""summary":"([^"]*)"""")
    }
}
