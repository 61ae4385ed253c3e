package dev.sesame.bench.notices

import dev.sesame.bench.waits.percentile
import kotlin.time.Duration

/** Rows of times, each with how often the [floor] fits into it. */
internal class Times(private val floor: List<Duration>, private val say: (String) -> Unit) {
    fun row(label: String, times: List<Duration>) {
        if (times.isEmpty()) return say("$label: none")
        val ratio = millis(times, HALF) / millis(floor, HALF)
        val shown = listOf("p50" to HALF, "p99" to NEARLY_ALL, "longest" to 1.0)
            .joinToString("  ") { (name, part) -> "$name %7.1f ms".format(millis(times, part)) }
        say("%-60s %s   %5.1fx".format(label, shown, ratio))
    }

    private fun millis(times: List<Duration>, part: Double): Double = percentile(times.map { it.inWholeNanoseconds / NS_IN_MS }, part)

    private companion object {
        const val HALF = 0.5
        const val NEARLY_ALL = 0.99
        const val NS_IN_MS = 1e6
    }
}
