package dev.sesame.bench.held

import dev.sesame.bench.waits.Gauges

/** What this process and the broker use while nothing happens, in percent of one core; and what the broker is asked. */
internal class Idle(val clientPercent: Double?, val brokerPercent: Double?, val callsPerSecond: Double) {
    companion object {
        /** Looks for so many [seconds]. */
        fun of(seconds: Int, gauges: Gauges): Idle {
            val calls = gauges.calls()
            val before = gauges.cpuSeconds()
            Thread.sleep(seconds * MS_IN_S)
            val after = gauges.cpuSeconds()
            val asked = gauges.calls() - calls - OWN
            fun percent(of: (Pair<Double, Double>) -> Double) =
                if (before == null || after == null) null else (of(after) - of(before)) * PERCENT / seconds
            return Idle(percent { it.first }, percent { it.second }, asked / seconds)
        }

        /** The second look. */
        private const val OWN = 1
        private const val MS_IN_S = 1_000L
        private const val PERCENT = 100.0
    }
}
