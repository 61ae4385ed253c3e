package dev.sesame.bench.faults

import dev.sesame.bench.seconds
import kotlin.time.Duration

/** What was done, what came of it, and what may never be anything but 0. */
internal class Counts {
    private val counts = LinkedHashMap<String, Int>()
    private val backs = LinkedHashMap<String, MutableList<Duration>>()

    fun fault(name: String, back: Duration) {
        backs.getOrPut(name) { ArrayList() } += back
    }

    fun add(lines: List<Line>, documents: Map<String, Map<String, String>>) {
        plus("calls sent", lines.count { it.said == Said.ASKS })
        plus("answers acknowledged", lines.count { it.said == Said.DONE })
        plus("calls without an answer", lines.count { it.said == Said.UNANSWERED })
        plus("approvals", documents.size)
        documents.values.groupingBy { listOfNotNull(it["status"], it["execution"]).joinToString(", ") }.eachCount().toSortedMap()
            .forEach { (end, count) -> plus("ended as $end", count) }
        plus("blocks begun", lines.count { it.said == Said.BEGUN })
        val came = lines.filter { it.said == Said.CAME }
        plus("webhooks that came", came.size)
        plus("of them a second time", came.size - came.distinctBy { it.id }.size)
    }

    /** [broken] in words, of which each begins or goes on with what it is. */
    fun table(broken: Collection<String>): List<String> {
        val rows = backs.map { (name, times) -> "$name, ${times.size} times" to "back in ${inWords(times.max())}" } +
            counts.map { (what, count) -> what to "%,d".format(count) } +
            kinds.map { (what, tag) -> what to "${broken.count { tag in it }}" } + ("broken promises in all" to "${broken.size}")
        val width = rows.maxOf { it.first.length }
        return rows.map { (what, count) -> "%-${width}s  %s".format(what, count) }
    }

    private fun inWords(back: Duration) = if (back.isFinite()) seconds(back) else "no time"

    private fun plus(what: String, count: Int) {
        counts[what] = (counts[what] ?: 0) + count
    }

    private companion object {
        val kinds = listOf(
            "acknowledged answers lost or altered, waits and webhooks lost" to "LOST",
            "double decisions" to "DOUBLE DECISION",
            "blocks run twice" to "DOUBLE RUN",
            "blocks run without approval" to "RAN WITHOUT APPROVAL",
            "faults after which it wasn't back" to "NOT BACK",
        )
    }
}
