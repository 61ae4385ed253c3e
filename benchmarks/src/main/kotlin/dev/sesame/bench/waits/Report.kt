package dev.sesame.bench.waits

import java.util.Locale

/** The figures of all N as a table of medians with their ranges, each row with its ratio and the goals that it speaks to. */
internal class Report(private val say: (String) -> Unit) {
    fun table(waits: Int, own: Figures, peer: Figures) {
        say("")
        say(line("N = ${"%,d".format(waits)}", "sesame", "poll a wait (Ktor CIO)", "sesame : peer", ""))
        Measure.entries.forEach { row(it, waits, own, peer) }
    }

    /** G7: one decision among many is told as soon as one alone. */
    fun flatness(least: Int, most: Int, own: Map<Int, Figures>, peer: Map<Int, Figures>) {
        fun of(figures: Map<Int, Figures>): Double? {
            val many = figures[most]?.median(Measure.TOLD_P50) ?: return null
            return many / (figures[least]?.median(Measure.TOLD_P50) ?: return null)
        }
        val mine = of(own)?.takeIf { least < most } ?: return
        val verdict = "G7 <= 1.3: ${if (mine <= FLAT) "met" else "MISSED"}".takeIf { least == 1 && most >= MANY }.orEmpty()
        say("")
        val label = "flatness: p50 at N = ${"%,d".format(most)} over p50 at N = ${"%,d".format(least)}"
        say(line(label, "%.2f".format(mine), of(peer)?.let { "%.2f".format(it) }.orEmpty(), "", verdict))
    }

    private fun row(measure: Measure, waits: Int, own: Figures, peer: Figures) {
        val mine = own.median(measure)
        val other = peer.median(measure)
        if (mine == null && other == null) return
        val ratio = if (mine == null || other == null) {
            null
        } else if (measure.isHigherBetter) {
            mine / other
        } else {
            other / mine
        }
        val verdicts = if (mine == null) {
            ""
        } else {
            goals.filter {
                it.measure == measure
            }.map { it.verdict(waits, mine, ratio ?: 0.0) }.filter { it.isNotEmpty() }.joinToString("; ")
        }
        say(line(measure.label, cell(measure, own), cell(measure, peer), inWords(measure, ratio), verdicts))
    }

    private fun inWords(measure: Measure, ratio: Double?): String = when {
        ratio == null || !ratio.isFinite() || ratio <= 0 -> ""
        else -> "%.${if (ratio < SMALL) 2 else 0}fx %s".format(Locale.ROOT, ratio, if (measure.isHigherBetter) "more" else "less")
    }

    private fun cell(measure: Measure, figures: Figures): String {
        val median = figures.median(measure) ?: return "n/a"
        val (least, most) = checkNotNull(figures.range(measure))
        return "${number(measure, median)} ${measure.unit}".trim() + " [${number(measure, least)}-${number(measure, most)}]"
    }

    private fun number(measure: Measure, value: Double) = "%,.${measure.decimals}f".format(Locale.ROOT, value)

    private fun line(label: String, own: String, peer: String, ratio: String, goal: String) =
        "%-52s %-28s %-28s %-14s %s".format(label, own, peer, ratio, goal).trimEnd()

    private companion object {
        const val SMALL = 10
        const val FLAT = 1.3
    }
}
