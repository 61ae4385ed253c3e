package dev.sesame.bench.wake

import dev.sesame.bench.waits.Burst
import dev.sesame.bench.waits.Single
import dev.sesame.bench.waits.percentile
import java.util.Locale

/** What was seen at each place in each way, over all counted rounds, with its ratio to the floors of the same run. */
internal class WakeTable(private val say: (String) -> Unit) {
    private data class Row(val waits: Int, val place: Place)

    private val singles = LinkedHashMap<Row, MutableMap<Way, MutableList<Single>>>()
    private val bursts = LinkedHashMap<Row, MutableMap<Way, MutableList<Burst>>>()

    fun add(waits: Int, place: Place, way: Way, seen: List<Single>) {
        singles.getOrPut(Row(waits, place), ::LinkedHashMap).getOrPut(way, ::ArrayList) += seen
    }

    fun addMass(waits: Int, place: Place, way: Way, seen: Burst) {
        bursts.getOrPut(Row(waits, place), ::LinkedHashMap).getOrPut(way, ::ArrayList) += seen
    }

    fun print(bareCalls: List<Long>, notices: List<Long>) {
        say("")
        say(line("floors, p50 / p99 in ms", listOf("")))
        say(line("a call that the broker answers from nothing", listOf(pair(bareCalls))))
        say(line("NOTIFY to LISTEN, by the same driver", listOf(pair(notices))))
        singles.keys.map { it.waits }.distinct().forEach { waits -> singlesTable(waits, bareCalls, notices) }
        bursts.keys.map { it.waits }.distinct().forEach(::massTable)
    }

    private fun singlesTable(waits: Int, bareCalls: List<Long>, notices: List<Long>) {
        say("")
        val title = "N = %,d held: decide call to told, p50 / p99 in ms".format(Locale.ROOT, waits)
        say(line(title, Way.entries.map { it.words }))
        singles.filterKeys { it.waits == waits }.forEach { (row, byWay) ->
            // A wait elsewhere hears of it by a call and a notice, at least.
            val floor = percentile(bareCalls.millis(), HALF) + if (row.place == Place.SAME) 0.0 else percentile(notices.millis(), HALF)
            say(line(row.place.words, Way.entries.map { way -> cell(byWay[way].orEmpty().map { it.told }, floor) }))
            val answered = Way.entries.map { way -> cell(byWay[way].orEmpty().map { it.answered }, floor = null) }
            say(line("  of that, the decide call alone", answered))
        }
    }

    private fun massTable(waits: Int) {
        say("")
        say(line("%,d held, all decided as fast as possible, in ms".format(Locale.ROOT, waits), Way.entries.map { it.words }))
        bursts.filterKeys { it.waits == waits }.forEach { (row, byWay) ->
            fun cells(of: (Burst) -> Double) = Way.entries.map { way -> range(byWay[way].orEmpty().map(of)) }
            say(line("${row.place.words}: first decision to the last told", cells { it.millis }))
            say(line("  last decision answered to the last told", cells { it.tailMillis }))
        }
    }

    private fun cell(times: List<Long>, floor: Double?): String {
        if (times.isEmpty()) return "n/a"
        val ratio = floor?.let { "  %.1fx".format(Locale.ROOT, percentile(times.millis(), HALF) / it) }.orEmpty()
        return pair(times) + ratio
    }

    private fun pair(times: List<Long>) =
        "%.2f / %.2f".format(Locale.ROOT, percentile(times.millis(), HALF), percentile(times.millis(), NEARLY_ALL))

    private fun range(values: List<Double>) =
        if (values.isEmpty()) "n/a" else "%,.0f [%,.0f-%,.0f]".format(Locale.ROOT, percentile(values, HALF), values.min(), values.max())

    private fun List<Long>.millis() = map { it / NS_IN_MS }

    private fun line(label: String, cells: List<String>) = "%-62s".format(label) + cells.joinToString("") { "%-30s".format(it) }.trimEnd()

    private companion object {
        const val HALF = 0.5
        const val NEARLY_ALL = 0.99
        const val NS_IN_MS = 1e6
    }
}
