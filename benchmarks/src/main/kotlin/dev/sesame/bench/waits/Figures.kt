package dev.sesame.bench.waits

/** What is measured for each side in each round. */
internal enum class Measure(val label: String, val unit: String, val isHigherBetter: Boolean = false, val decimals: Int = 0) {
    OPENS("opens, 64 at once, each on disk", "/s", isHigherBetter = true),
    PARK("park: first wait begun to all registered", "ms", decimals = 1),
    CLIENT_HEAP("client heap a wait", "B"),
    BROKER_HEAP("broker heap a wait", "B"),
    THREADS("client threads added", ""),
    SOCKETS("client sockets", ""),
    IDLE_CLIENT("idle client, of one core", "%", decimals = 2),
    IDLE_BROKER("idle broker, of one core", "%", decimals = 2),
    DECIDE_P50("one decision: the decide call alone, p50", "us"),
    TOLD_P50("one decision: decide call to told, p50", "us"),
    TOLD_P99("one decision: decide call to told, p99", "us"),
    STARTED_P50("one decision: to claimed and started, p50", "us"),
    STARTED_P99("one decision: to claimed and started, p99", "us"),
    BURST_TOLD("burst of denials: first decide to all told", "ms"),
    BURST_TOLD_RATE("burst of denials: decided and told", "/s", isHigherBetter = true),
    BURST_TAIL("burst of denials: last decide answered to all told", "ms", decimals = 1),
    BURST_STARTED("burst of approvals: first decide to all started", "ms"),
    BURST_STARTED_RATE("burst of approvals: decided, claimed, started", "/s", isHigherBetter = true),
}

/** One side's rounds for one N. */
internal class Figures {
    private val values = HashMap<Measure, MutableList<Double>>()

    fun add(round: Map<Measure, Double>): Unit = round.forEach { (measure, value) -> values.getOrPut(measure, ::ArrayList).add(value) }

    fun median(measure: Measure): Double? = values[measure]?.let { percentile(it, MEDIAN) }

    fun range(measure: Measure): Pair<Double, Double>? = values[measure]?.let { it.min() to it.max() }

    private companion object {
        const val MEDIAN = 0.5
    }
}

/** Between the two nearest values, in proportion. */
internal fun percentile(values: List<Double>, part: Double): Double {
    val sorted = values.sorted()
    val place = part * (sorted.size - 1)
    val below = sorted[place.toInt()]
    return below + (sorted[minOf(place.toInt() + 1, sorted.lastIndex)] - below) * (place - place.toInt())
}
