package dev.sesame.bench.start

import dev.sesame.bench.waits.percentile
import java.util.Locale

/** Medians with their ranges, each with its ratio to the bare server. */
internal class StartTable(
    private val kind: String,
    private val bare: List<Started>,
    private val empty: List<Started>,
    private val existing: List<Started>,
    private val say: (String) -> Unit,
) {
    fun print() {
        say("")
        say(line("with $kind", "bare engine", "broker, empty directory", "broker, existing directory"))
        row("process begun to ready, ms") { it.readyMs }
        row("process begun to the first call answered, ms") { it.answeredMs }
        row("processor time by then, s", decimals = 2) { it.cpuSeconds }
        row("resident by then, MB") { started -> started.residentBytes?.let { it / MB } }
        row("heap in use after collections, MB") { started -> started.heapBytes?.let { it / MB } }
    }

    private fun row(label: String, decimals: Int = 0, of: (Started) -> Double?) {
        val floor = bare.mapNotNull(of).takeIf { it.isNotEmpty() }?.let { percentile(it, HALF) }
        val cells = listOf(bare, empty, existing).map { cell(it.mapNotNull(of), floor, decimals) }
        say(line(label, cells[0], cells[1], cells[2]))
    }

    private fun cell(values: List<Double>, floor: Double?, decimals: Int): String {
        if (values.isEmpty()) return "n/a"
        fun number(value: Double) = "%,.${decimals}f".format(Locale.ROOT, value)
        val median = percentile(values, HALF)
        val ratio = if (floor != null && floor > 0) " %.1fx".format(Locale.ROOT, median / floor) else ""
        return "${number(median)} [${number(values.min())}-${number(values.max())}]$ratio"
    }

    private fun line(label: String, bare: String, empty: String, existing: String) =
        "%-48s %-28s %-32s %s".format(label, bare, empty, existing).trimEnd()

    private companion object {
        const val HALF = 0.5
        const val MB = 1024.0 * 1024
    }
}
