package dev.sesame.bench.views

import dev.sesame.bench.waits.percentile
import java.util.Locale

/** Medians with their ranges, a column a view, with the ratio to the first: the coroutines. */
internal class ViewsTable(private val waits: Int, private val rounds: Map<View, List<Held>>, private val say: (String) -> Unit) {
    fun print() {
        say("")
        say(line("N = ${"%,d".format(Locale.ROOT, waits)}", rounds.keys.map { it.words }))
        row("heap a wait, B", Held::heapBytes)
        row("platform threads added", Held::threads)
        row("burst of denials: first decide to all told, ms", Held::burstMs)
        row("of that, last decide answered to all told, ms", Held::tailMs, decimals = 1)
    }

    private fun row(label: String, of: (Held) -> Double, decimals: Int = 0) {
        val floor = median(rounds.values.first().map(of))
        say(line(label, rounds.values.map { cell(it.map(of), floor, decimals) }))
    }

    private fun cell(values: List<Double>, floor: Double, decimals: Int): String {
        fun number(value: Double) = "%,.${decimals}f".format(Locale.ROOT, value)
        val ratio = if (floor > 0) " %.2fx".format(Locale.ROOT, median(values) / floor) else ""
        return "${number(median(values))} [${number(values.min())}-${number(values.max())}]$ratio"
    }

    private fun median(values: List<Double>) = percentile(values, HALF)

    private fun line(label: String, cells: List<String>) = "%-50s".format(label) + cells.joinToString("") { "%-34s".format(it) }.trimEnd()

    private companion object {
        const val HALF = 0.5
    }
}
