package dev.sesame.bench.held

import dev.sesame.bench.Connections
import dev.sesame.bench.Proc
import dev.sesame.bench.waits.untilHeld
import kotlinx.coroutines.runBlocking
import java.net.URI
import java.util.concurrent.Semaphore
import java.util.concurrent.TimeUnit

/** What [count] of something cost; `null` where the system doesn't tell. [idlePercent] is of one core, while nothing happens. */
internal class Cost(val heapEach: Double?, val idlePercent: Double?)

/** How long it took until all calls were held, and to wake all; what they cost, where that was looked at. [lost] have no answer, or a wrong one. */
internal class HeldCost(val cost: Cost, val parkMs: Double, val wakeMs: Double, val tailMs: Double, val lost: Int)

/** What a [server] holds and uses for connections and calls that are open, each looked at for [seconds]. */
internal class Holding(private val server: Server, private val seconds: Int) {
    /** With nothing open but what measures. */
    fun nothing(): Double? {
        settle()
        return idlePercent()
    }

    /** Connections on which one call was answered, and no other comes. */
    fun kept(count: Int): Cost {
        val before = server.heapBytes()
        val answered = Semaphore(0)
        return Connections({ _, text, _ -> if (text.startsWith("HTTP/1.1 200")) answered.release() }, {}).use { connections ->
            val place = URI(server.url)
            repeat(count) { connections.open(place, "GET /healthz HTTP/1.1\r\nHost: ${place.authority}\r\n\r\n") }
            check(answered.tryAcquire(count, LONGEST_S, TimeUnit.SECONDS)) {
                "${answered.availablePermits()} of $count connections are open"
            }
            look(before, count)
        }
    }

    /** [calls] that are held until [wake] has them answered; [wake] returns when it has done its part. It [looks] at what they cost. */
    fun held(calls: HeldCalls, looks: Boolean, wake: () -> Unit): HeldCost {
        val before = if (looks) server.heapBytes() else null
        val count = calls.paths.size
        return HeldPolls(server.url, calls).use { polls ->
            val began = System.nanoTime()
            polls.open()
            runBlocking { untilHeld(count) { server.held() } }
            val parkMs = (System.nanoTime() - began) / NS_IN_MS
            val cost = if (looks) look(before, count) else Cost(null, null)
            val first = System.nanoTime()
            wake()
            val last = System.nanoTime()
            val ends = polls.ends()
            val end = ends.max()
            val lost = ends.count { it == 0L } + polls.faults
            HeldCost(cost, parkMs, (end - first) / NS_IN_MS, ((end - last) / NS_IN_MS).coerceAtLeast(0.0), lost)
        }
    }

    private fun look(before: Double?, count: Int): Cost {
        settle()
        val idle = idlePercent()
        return Cost(each(before, count), idle)
    }

    private fun each(before: Double?, count: Int): Double? = server.heapBytes()?.let { now -> before?.let { (now - it) / count } }

    /** What opening left to the compilers and collectors isn't idling. */
    private fun settle(): Unit = Thread.sleep(minOf(SETTLING_MS, seconds * MS_IN_S))

    private fun idlePercent(): Double? {
        val before = Proc(server.pid).cpuSeconds() ?: return null
        Thread.sleep(seconds * MS_IN_S)
        return (checkNotNull(Proc(server.pid).cpuSeconds()) - before) * PERCENT / seconds
    }

    private companion object {
        const val LONGEST_S = 30L
        const val SETTLING_MS = 8_000L
        const val MS_IN_S = 1_000L
        const val PERCENT = 100.0
        const val NS_IN_MS = 1e6
    }
}
