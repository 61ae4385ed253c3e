package dev.sesame.bench.inbox

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.waits.Gauges

/** What the broker holds and uses while nothing happens. */
internal class Upkeep(broker: BrokerProcess, private val seconds: Int) : AutoCloseable {
    /** [heapBytes] after full collections; [cpuPercent] of one core. `null` where the system doesn't tell. */
    class Held(val heapBytes: Double?, val cpuPercent: Double?)

    private val gauges = Gauges(broker)

    /** Returns when what closed connections left is gone. */
    fun settle(): Unit = Thread.sleep(minOf(SETTLING_MS, seconds * MS_IN_S))

    fun measure(): Held {
        val heap = gauges.brokerHeapBytes()
        settle()
        val before = gauges.cpuSeconds()?.second
        Thread.sleep(seconds * MS_IN_S)
        val after = gauges.cpuSeconds()?.second
        val used = if (before == null || after == null) null else (after - before) * PERCENT / seconds
        return Held(heap, used)
    }

    fun report(count: Int, none: Held, alive: Held, open: Held, say: (String) -> Unit) {
        fun each(now: Double?, before: Double?) = if (now == null ||
            before == null
        ) {
            "n/a"
        } else {
            "%.1f KB".format((now - before) / count / KB)
        }
        fun cpu(held: Held) = held.cpuPercent?.let { "%.2f %%".format(it) } ?: "n/a"
        val times = "%,d".format(count)
        say(row("", "none", "$times kept alive", "$times open inboxes"))
        say(row("broker heap, each", "", each(alive.heapBytes, none.heapBytes), each(open.heapBytes, none.heapBytes)))
        say(row("idle broker over $seconds s, of one core", cpu(none), cpu(alive), cpu(open)))
    }

    override fun close(): Unit = gauges.close()

    private fun row(label: String, none: String, alive: String, open: String) = "%-60s %12s %20s %20s".format(label, none, alive, open)

    private companion object {
        const val SETTLING_MS = 3_000L
        const val MS_IN_S = 1_000L
        const val PERCENT = 100.0
        const val KB = 1024
    }
}
