package dev.sesame.bench.inbox

import dev.sesame.bench.Connections
import java.net.URI
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Semaphore
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/**
 * Any number of event streams.
 *
 * A connection counts as ready when it was sent a line that holds [sign]. Of the rest it looks for summaries of questions. An event is one
 * write and lies in one chunk, so chunks need not be told apart.
 */
internal class EventStreams(private val sign: String = "event: ready") : AutoCloseable {
    /** When each connection was told of one question. */
    private class Told(size: Int) {
        val at = LongArray(size)
        val missing = CountDownLatch(size)
    }

    private val connections = Connections(::hear) { bad.incrementAndGet() }
    private val told = ConcurrentHashMap<String, Told>()
    private val ready = Semaphore(0)
    private val bad = AtomicInteger()

    @Volatile private var size = 0

    /** How often a connection ended by itself, or was told once more of a question that it knew. */
    val faults: Int get() = bad.get()

    /** Opens the inbox stream of who is signed in by [cookie]. */
    fun openInbox(url: String, cookie: String): Unit =
        connect(URI(url), "GET /v1/inbox/stream HTTP/1.1\r\nHost: ${URI(url).authority}\r\nCookie: $cookie\r\n\r\n")

    /** Opens a connection, sends [request] and holds it. */
    fun connect(url: URI, request: String) {
        connections.open(url, request)
        size = connections.size
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

    override fun close(): Unit = connections.close()

    /** Whoever comes first makes it: the event may be here before who asks for it. */
    private fun toldOf(summary: String): Told = told.computeIfAbsent(summary) { Told(size) }

    private fun hear(open: Connections.Open, text: String, now: Long) {
        val rest = open.rest.append(text)
        val end = rest.lastIndexOf("\n") + 1
        rest.substring(0, end).lineSequence().forEach { line ->
            if (sign in line) ready.release()
            if (line.startsWith(DATA)) SUMMARY.find(line)?.let { mark(it.groupValues[1], open.number, now) }
        }
        rest.delete(0, end)
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
        const val LONGEST_S = 30L
        const val DATA = "data: "
        val SUMMARY = Regex(""""summary":"([^"]*)"""")
    }
}
