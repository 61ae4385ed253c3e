package dev.sesame.bench.rates

import dev.sesame.bench.waits.percentile
import java.util.Locale

/** What is measured in each turn. */
internal enum class Row(val label: String, val isBroker: Boolean) {
    FLUSHES("floor: fdatasync after each append of 1 KB", isBroker = false),
    ROW_EACH("floor: rows, a transaction each", isBroker = false),
    ROWS_GROUPED("floor: rows, one group-commit writer", isBroker = false),
    OPENS("questions opened over HTTP", isBroker = true),
    DECISIONS("decisions over HTTP", isBroker = true),
    TOLD("decided over HTTP and told over the feed", isBroker = true),
}

/** Calls a second, how long they took, flushes of the disk for each, and the brokers' processor time for each. */
internal class Figure(val perSecond: Double, val p50: Double, val p99: Double, val flushes: Double?, val cpuMicros: Double?)

/** The figures of one setup with so many callers. */
internal class Table(private val setup: String, private val callers: Int) {
    private val rounds = ArrayList<Map<Row, Figure>>()

    fun add(round: Map<Row, Figure>) {
        rounds += round
    }

    fun lines(): List<String> = listOf("", head()) + Row.entries.filter { row -> rounds.any { row in it } }.map(::line)

    private fun head() =
        LINE.format("$setup, $callers at once", "a second", "p50", "p99", "flushes each", "CPU each", "of the floor", "").trimEnd()

    private fun line(row: Row): String {
        val figures = rounds.mapNotNull { it[row] }
        val rates = figures.map { it.perSecond }
        val rate = median(rates)
        val floor = median(rounds.mapNotNull { it[Row.ROWS_GROUPED]?.perSecond })
        return LINE.format(
            Locale.ROOT,
            row.label,
            "%,.0f [%,.0f-%,.0f]".format(Locale.ROOT, rate, rates.min(), rates.max()),
            millis(figures) { it.p50 },
            millis(figures) { it.p99 },
            figures.mapNotNull { it.flushes }.ifEmpty { null }?.let { "%.2f".format(Locale.ROOT, median(it)) } ?: "n/a",
            figures.mapNotNull { it.cpuMicros }.ifEmpty { null }?.let { "%,.0f us".format(Locale.ROOT, median(it)) }.orEmpty(),
            if (row.isBroker) "%.2fx".format(Locale.ROOT, rate / floor) else "",
            verdict(row, rate),
        ).trimEnd()
    }

    private fun millis(figures: List<Figure>, of: (Figure) -> Double) = "%.2f ms".format(Locale.ROOT, median(figures.map(of)))

    /** The goals are for a broker that many call at once. */
    private fun verdict(row: Row, rate: Double): String {
        val (name, least) = goals[row]?.takeIf { callers >= MANY } ?: return ""
        return "$name >= %,d: %s".format(Locale.ROOT, least, if (rate >= least) "met" else "MISSED")
    }

    private fun median(values: List<Double>) = percentile(values, HALF)

    private companion object {
        const val LINE = "%-44s %-26s %-10s %-10s %-13s %-9s %-13s %s"
        const val HALF = 0.5
        const val MANY = 64
        val goals = mapOf(Row.TOLD to ("G8" to 5_000), Row.OPENS to ("G9" to 8_000))
    }
}
