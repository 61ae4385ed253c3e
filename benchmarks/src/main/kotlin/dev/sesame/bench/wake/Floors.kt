package dev.sesame.bench.wake

import dev.sesame.bench.KeptConnection
import org.postgresql.PGConnection
import java.sql.Connection
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/** What the two parts of a wake cost by themselves, in the same run: times in nanoseconds. */
internal class Floors(private val samples: Int) {
    /** A call on a kept connection that the broker answers from nothing. */
    fun bareCalls(url: String): List<Long> = KeptConnection(url).use { line ->
        List(samples + WARMING) {
            Thread.sleep(BETWEEN_MS)
            timed { line.get("/healthz") }
        }.drop(WARMING)
    }

    /** `NOTIFY` on one connection until a thread that waits on the other has it, through the driver that the broker has. */
    fun notices(connect: () -> Connection): List<Long> = connect().use { ears ->
        connect().use { bell ->
            val heard = LinkedBlockingQueue<Long>()
            ears.createStatement().use { it.execute("LISTEN $CHANNEL") }
            val listener = Thread.ofPlatform().daemon().start { listen(ears, heard) }
            try {
                bell.createStatement().use { it.execute("SET synchronous_commit = off") }
                bell.prepareStatement("SELECT pg_notify('$CHANNEL', '')").use { ring ->
                    List(samples + WARMING) {
                        Thread.sleep(BETWEEN_MS)
                        val sent = System.nanoTime()
                        ring.execute()
                        checkNotNull(heard.poll(LONGEST_S, TimeUnit.SECONDS)) { "a notice did not come" } - sent
                    }.drop(WARMING)
                }
            } finally {
                listener.interrupt()
                listener.join()
            }
        }
    }

    private fun listen(connection: Connection, heard: LinkedBlockingQueue<Long>) {
        val ears = connection.unwrap(PGConnection::class.java)
        while (!Thread.interrupted()) {
            val came = ears.getNotifications(LISTENS_MS)
            val now = System.nanoTime()
            came?.forEach { _ -> heard.add(now) }
        }
    }

    private inline fun timed(call: () -> Unit): Long {
        val began = System.nanoTime()
        call()
        return System.nanoTime() - began
    }

    private companion object {
        const val CHANNEL = "bench_floor"
        const val WARMING = 50
        const val BETWEEN_MS = 5L
        const val LISTENS_MS = 100
        const val LONGEST_S = 10L
    }
}
