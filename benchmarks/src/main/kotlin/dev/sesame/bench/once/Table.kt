package dev.sesame.bench.once

/** What was done, what came of it, and what may never be anything but 0. */
internal fun tableOf(history: History, stories: List<Story>, broken: Int): List<String> {
    val runs = stories.flatMap { it.runs }
    val done = history.counts.entries.map { (what, count) -> what to count.get() }
        .sortedBy { (what, _) -> order.indexOfFirst(what::startsWith) }
    val ends = stories.groupingBy { listOfNotNull(it.status ?: "unknown to the broker", it.execution).joinToString(", ") }.eachCount()
    val faults = listOf(
        "double runs" to stories.count { story -> story.broken().any { "DOUBLE RUN" in it } },
        "runs of what was denied or expired" to stories.filter { it.status != "approved" }.sumOf { it.runs.size },
        "messages lost" to stories.count { story -> story.broken().any { "LOST" in it } },
        "unknown and unsaid" to stories.count { story -> story.broken().any { "UNSAID" in it } },
        "claimed still" to stories.count { it.execution == "claimed" },
        "broken promises in all" to broken,
    )
    val rows = done + ("blocks begun" to runs.size) + ("blocks ended" to runs.count { it.isEnded }) +
        ends.toSortedMap().map { (end, count) -> "ended as $end" to count } + faults
    val width = rows.maxOf { it.first.length }
    return rows.map { (what, count) -> "%-${width}s %,7d".format(what, count) }
}

private val order = listOf("messages", "deliveries", "redeliveries", "late", "broker", "killed", "stopped", "said", "settled")
