package dev.sesame.bench.held

import dev.sesame.bench.waits.percentile
import java.util.Locale

/** The broker beside its bare engine, with the goals that a row speaks to. */
internal class PollsTable(
    private val polls: Int,
    private val bare: PollFigures,
    private val own: PollFigures,
    private val say: (String) -> Unit,
) {
    /** Returns whether nothing was lost. */
    fun print(): Boolean {
        say("")
        say(row("N = ${number(polls.toDouble(), 0)} long polls, a socket each", "the broker", "its bare engine", ""))
        one("kept-alive connections: heap each, B", own.kept.heapEach, bare.kept.heapEach)
        one("held calls: heap each, B", own.decided.last().cost.heapEach, bare.decided.last().cost.heapEach, "G10 <= 10 KB") {
            it <=
                POLL_BYTES
        }
        all("all sent to all held, ms", own.decided.map { it.parkMs }, bare.decided.map { it.parkMs })
        all(
            "one call that wakes all to the last answer, ms",
            own.revoked.map {
                it.wakeMs
            },
            bare.decided.map { it.wakeMs },
            "G11 <= 600 ms",
        ) {
            it <= WAKE_MS
        }
        all("first of as many decisions to the last answer, ms", own.decided.map { it.wakeMs }, emptyList())
        all("of that, last decision answered to the last answer, ms", own.decided.map { it.tailMs }, emptyList())
        one("idle, nothing open, % of one core", own.nothing, bare.nothing, decimals = 2)
        one("idle, as many connections kept alive", own.kept.idlePercent, bare.kept.idlePercent, decimals = 2)
        one(
            "idle, as many calls held",
            own.decided.last().cost.idlePercent,
            bare.decided.last().cost.idlePercent,
            "G12 <= 1 %",
            decimals = 2,
        ) {
            it <= IDLE_PERCENT
        }
        val a = if (polls > 0) polls.toDouble() / PollsStage.HOLD_S else 0.0
        say("a poll is renewed every ${PollsStage.HOLD_S} s: ${number(a, 1)} requests/s between which this is idle")
        val lost = (own.decided + own.revoked + bare.decided).sumOf { it.lost }
        say("lost=$lost of ${number(polls.toDouble() * (own.decided + own.revoked).size, 0)} polls")
        return lost == 0
    }

    private fun one(
        label: String,
        own: Double?,
        bare: Double?,
        goal: String = "",
        decimals: Int = 0,
        isMet: (Double) -> Boolean = { true },
    ) = say(row(label, own?.let { number(it, decimals) } ?: "n/a", bare?.let { number(it, decimals) } ?: "n/a", verdict(goal, own, isMet)))

    private fun all(label: String, own: List<Double>, bare: List<Double>, goal: String = "", isMet: (Double) -> Boolean = { true }) =
        say(row(label, range(own), range(bare), verdict(goal, percentile(own, HALF), isMet)))

    /** The goals speak of 10,000. */
    private fun verdict(goal: String, value: Double?, isMet: (Double) -> Boolean) = when {
        goal.isEmpty() || value == null || polls < GOALS_SPEAK_OF -> ""
        isMet(value) -> "$goal: met"
        else -> "$goal: MISSED"
    }

    private fun range(values: List<Double>) =
        if (values.isEmpty()) "" else "${number(percentile(values, HALF), 0)} [${number(values.min(), 0)}-${number(values.max(), 0)}]"

    private fun number(value: Double, decimals: Int) = "%,.${decimals}f".format(Locale.ROOT, value)

    private fun row(label: String, own: String, bare: String, goal: String) =
        "%-58s %-22s %-22s %s".format(label, own, bare, goal).trimEnd()

    private companion object {
        const val HALF = 0.5
        const val POLL_BYTES = 10 * 1024
        const val WAKE_MS = 600
        const val IDLE_PERCENT = 1.0
        const val GOALS_SPEAK_OF = 10_000
    }
}
