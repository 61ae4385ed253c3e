package dev.sesame.bench.held

import dev.sesame.bench.Connections
import java.io.IOException
import java.net.URI
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLongArray

/** Calls that a server holds: what is asked, who asks, and a piece of the answer that ends them. */
internal class HeldCalls(val paths: List<String>, val credential: String?, val sign: String)

/**
 * Long polls as bare as a caller can make them: a connection each, all read by one thread. One that is answered with `pending` is sent again,
 * as any caller would.
 */
internal class HeldPolls(url: String, private val calls: HeldCalls) : AutoCloseable {
    private val paths = calls.paths
    private val place = URI(url)
    private val endedAt = AtomicLongArray(paths.size)
    private val missing = CountDownLatch(paths.size)
    private val bad = AtomicInteger()
    private val connections = Connections(::hear) { bad.incrementAndGet() }

    /** How many connections were cut, answered twice, or answered something else. */
    val faults: Int get() = bad.get()

    /** Sends all polls, each on a connection of its own. */
    fun open(): Unit = paths.forEach { connections.open(place, requestOf(it)) }

    /** When each had the answer that ends it; 0 for one that hasn't [withinSeconds]. */
    fun ends(withinSeconds: Long = LONGEST_S): LongArray {
        missing.await(withinSeconds, TimeUnit.SECONDS)
        return LongArray(paths.size) { endedAt.get(it) }
    }

    override fun close(): Unit = connections.close()

    private fun requestOf(path: String): String {
        val who = calls.credential?.let { "Authorization: Bearer $it\r\n" }.orEmpty()
        return "GET $path HTTP/1.1\r\nHost: ${place.authority}\r\n$who\r\n"
    }

    private fun hear(open: Connections.Open, text: String, now: Long) {
        val answer = open.rest.append(text)
        val body = answer.indexOf(HEAD_ENDS) + HEAD_ENDS.length
        if (body < HEAD_ENDS.length) return
        val length = LENGTH.find(answer.substring(0, body))?.groupValues?.get(1)?.toInt() ?: 0
        if (answer.length < body + length) return
        when {
            PENDING in answer -> again(open)
            calls.sign in answer && endedAt.compareAndSet(open.number, 0, now) -> missing.countDown()
            else -> bad.incrementAndGet()
        }
        open.rest.setLength(0)
    }

    private fun again(open: Connections.Open) = try {
        open.send(requestOf(paths[open.number]).toByteArray())
    } catch (_: IOException) {
        bad.incrementAndGet()
    }

    private companion object {
        const val LONGEST_S = 60L
        const val HEAD_ENDS = "\r\n\r\n"
        const val PENDING = "\"status\":\"pending\""
        val LENGTH = Regex("""content-length: *(\d+)""", RegexOption.IGNORE_CASE)
    }
}
