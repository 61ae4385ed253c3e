package dev.sesame.bench.peers

import dev.sesame.bench.waits.percentile
import java.util.Locale

/** What is measured in each turn. */
internal enum class Measure(val label: String, val unit: String, val decimals: Int = 0) {
    ASKED("asked and open, 64 at once", "/s"),
    CLIENT_HEAP("client heap a wait", "B"),
    THREADS("platform threads added, client", ""),
    SERVER_MEMORY("server memory a wait", "B"),
    SERVER_RESIDENT("server process, resident", "MB"),
    DECIDED("one decision: the decide call alone, p50", "us"),
    TOLD_P50("one decision: decide call to the wait over, p50", "us"),
    TOLD_P99("one decision: decide call to the wait over, p99", "us"),
    BEGUN_P50("one decision: decide call to the next step, p50", "us"),
    BEGUN_P99("one decision: decide call to the next step, p99", "us"),
    BURST_TOLD_RATE("all at once: decided, and the wait over", "/s"),
    BURST_RATE("all at once: decided, and at the next step", "/s"),
    CPU("all at once: processor time for each, all told", "us"),
    FLUSHES("all at once: flushes of the disk for each", "", decimals = 2),
}

/** The figures of one N: medians with their ranges, and beside each peer what Sesame is to it. */
internal class PeersTable(
    private val waits: Int,
    private val seen: Map<Product, List<Map<Measure, Double>>>,
    private val say: (String) -> Unit,
) {
    fun print() {
        say("")
        val peers = seen.keys - Product.SESAME
        say(line("N = ${"%,d".format(Locale.ROOT, waits)}", Product.SESAME.key, peers.flatMap { listOf(it.key, "sesame : ${it.key}") }))
        Measure.entries.filter { measure -> seen.values.flatten().any { measure in it } }.forEach { row(it, peers) }
    }

    private fun row(measure: Measure, peers: Set<Product>) {
        val own = figures(Product.SESAME, measure)
        val cells = peers.flatMap { peer -> figures(peer, measure).let { listOf(cell(measure, it), ratio(measure, own, it)) } }
        say(line(measure.label, cell(measure, own), cells))
    }

    private fun figures(product: Product, measure: Measure) = seen[product].orEmpty().mapNotNull { it[measure] }

    private fun cell(measure: Measure, figures: List<Double>): String {
        fun number(value: Double) = "%,.${measure.decimals}f".format(Locale.ROOT, value)
        if (figures.isEmpty()) return "n/a"
        return "${number(percentile(figures, MEDIAN))} ${measure.unit}".trim() + " [${number(figures.min())}-${number(figures.max())}]"
    }

    private fun ratio(measure: Measure, own: List<Double>, other: List<Double>): String {
        if (own.isEmpty() || other.isEmpty()) return ""
        val (mine, theirs) = percentile(own, MEDIAN) to percentile(other, MEDIAN)
        if (minOf(mine, theirs) < LEAST) return ""
        val ratio = maxOf(mine / theirs, theirs / mine)
        return "%.${if (ratio < SMALL) 2 else 0}fx %s".format(Locale.ROOT, ratio, if (mine > theirs) "more" else "less")
    }

    private fun line(label: String, own: String, peers: List<String>) =
        ("%-50s %-28s".format(label, own) + peers.chunked(2).joinToString("") { (figures, ratio) -> " %-28s %-18s".format(figures, ratio) })
            .trimEnd()

    private companion object {
        const val MEDIAN = 0.5
        const val SMALL = 10

        /** Next to nothing is no measure. */
        const val LEAST = 0.01
    }
}
