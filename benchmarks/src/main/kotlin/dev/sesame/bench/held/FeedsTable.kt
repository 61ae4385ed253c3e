package dev.sesame.bench.held

import dev.sesame.bench.waits.Burst
import java.util.Locale

/** What waits over feeds held and used. Heap is for each wait, threads and sockets are those that came with them. */
internal class FeedFigures(
    val parkMs: Double,
    val clientHeap: Double,
    val brokerHeap: Double?,
    val threads: Double,
    val sockets: Double?,
    val idle: Idle,
    val burst: Burst,
)

/** Those figures with the goals that they speak to. */
internal class FeedsTable(private val waits: Int, private val clients: Int, private val say: (String) -> Unit) {
    fun print(figures: FeedFigures) {
        say("")
        say("N = %,d waits over the feeds of %d SDK client(s)".format(Locale.ROOT, waits, clients))
        row("client heap each, B", figures.clientHeap, "G1 <= 1.5 KB", MOST_CLIENT_BYTES)
        row("broker heap each, B", figures.brokerHeap, "G10 <= 0.6 KB", MOST_BROKER_BYTES)
        row("client threads, for each client", figures.threads / clients, "G2 <= 8", MOST_THREADS, decimals = 1)
        row("client sockets, for each client", figures.sockets?.div(clients), "G2 <= 2", MOST_SOCKETS, decimals = 1)
        row("first wait begun to all registered, ms", figures.parkMs)
        row("first of as many decisions to the last told, ms", figures.burst.millis)
        row("decided and told, /s", figures.burst.perSecond)
        row(
            "last decision answered to the last told, ms",
            figures.burst.tailMillis,
            "G4 <= 100 ms (its wake part)",
            MOST_TAIL_MS,
            decimals = 1,
        )
        row("requests/s while idle", figures.idle.callsPerSecond, "G12 <= 1", MOST_CALLS, decimals = 2)
        row("idle client, % of one core", figures.idle.clientPercent, "G12 <= 1 %", MOST_PERCENT, decimals = 2)
        row("idle broker, % of one core", figures.idle.brokerPercent, "G12 <= 1 %", MOST_PERCENT, decimals = 2)
    }

    private fun row(label: String, value: Double?, goal: String = "", most: Double = 0.0, decimals: Int = 0) {
        val verdict = when {
            goal.isEmpty() || value == null || waits < GOALS_SPEAK_OF -> ""
            value <= most -> "$goal: met"
            else -> "$goal: MISSED"
        }
        say("%-58s %-22s %s".format(label, value?.let { "%,.${decimals}f".format(Locale.ROOT, it) } ?: "n/a", verdict).trimEnd())
    }

    private companion object {
        const val GOALS_SPEAK_OF = 10_000
        const val MOST_CLIENT_BYTES = 1_536.0
        const val MOST_BROKER_BYTES = 614.0
        const val MOST_THREADS = 8.0
        const val MOST_SOCKETS = 2.0
        const val MOST_TAIL_MS = 100.0
        const val MOST_CALLS = 1.0
        const val MOST_PERCENT = 1.0
    }
}
