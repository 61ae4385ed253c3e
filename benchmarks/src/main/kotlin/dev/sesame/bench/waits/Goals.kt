package dev.sesame.bench.waits

/** What a row of figures is held to. The thresholds are the design's; where it compares with what isn't run here, that part is left out. */
internal class Goal(
    val measure: Measure,
    val text: String,
    private val from: Int,
    private val isMet: (own: Double, ratio: Double) -> Boolean,
) {
    /** The verdict in words; empty where the goal doesn't speak of so few waits. */
    fun verdict(waits: Int, own: Double, ratio: Double): String =
        if (waits < from) "" else "$text: ${if (isMet(own, ratio)) "met" else "MISSED"}"
}

internal val goals = listOf(
    Goal(Measure.CLIENT_HEAP, "G1 <= 1.5 KB, >= 6x less", MANY) { own, ratio -> own <= 1_536 && ratio >= 6 },
    Goal(Measure.SOCKETS, "G2 <= 2", MANY) { own, _ -> own <= 2 },
    Goal(Measure.THREADS, "G2 <= 8", MANY) { own, _ -> own <= 8 },
    Goal(Measure.PARK, "G3 <= 1 s, >= 5x less", MANY) { own, ratio -> own <= 1_000 && ratio >= 5 },
    Goal(Measure.BURST_TAIL, "G4 <= 100 ms (its wake part: the decisions here are durable, over HTTP)", MANY) { own, _ -> own <= 100 },
    Goal(Measure.TOLD_P50, "G5 >= 8x less (its <= 200 us is for decisions without disk and HTTP)", MANY) { _, ratio -> ratio >= 8 },
    Goal(Measure.TOLD_P50, "G6 p50 <= 1.0 ms", 1) { own, _ -> own <= 1_000 },
    Goal(Measure.TOLD_P99, "G6 p99 <= 8 ms", 1) { own, _ -> own <= 8_000 },
    Goal(Measure.BURST_TOLD_RATE, "G8 >= 5,000/s", MANY) { own, _ -> own >= 5_000 },
    Goal(Measure.BROKER_HEAP, "G10 <= 0.6 KB, >= 20x less", MANY) { own, ratio -> own <= 614 && (own <= 0 || ratio >= 20) },
    Goal(Measure.IDLE_CLIENT, "G12 <= 1 %", MANY) { own, _ -> own <= 1 },
    Goal(Measure.IDLE_BROKER, "G12 <= 1 %", MANY) { own, _ -> own <= 1 },
)

/** The goals speak of 10,000 waits. */
internal const val MANY = 10_000
