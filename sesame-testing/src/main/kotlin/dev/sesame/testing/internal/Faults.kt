package dev.sesame.testing.internal

import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.testing.CallKind
import dev.sesame.testing.Fault
import kotlinx.coroutines.delay

/** The faults still to come, each for so many calls. Thread-safe. */
internal class Faults {
    private class Ordered(val fault: Fault, val of: CallKind?, var left: Int)

    private val ordered = ArrayList<Ordered>() // guarded by this

    @Synchronized
    fun add(fault: Fault, times: Int, of: CallKind?) {
        require(times > 0) { "times must be at least 1, not $times" }
        ordered += Ordered(fault, of, times)
    }

    /** Those that no call has met yet, in words. */
    @Synchronized
    fun left(): List<String> = ordered.map { "${it.fault} for ${it.left} more of ${it.of ?: "any call"}" }

    /** Does to a call of that [kind] what the oldest fault that fits it says. */
    suspend fun around(kind: CallKind, answer: suspend () -> HttpAnswer): HttpAnswer {
        val fault = take(kind) ?: return answer()
        return when (fault.what) {
            Fault.What.LOSE_ANSWER -> {
                answer()
                throw ConnectionLost()
            }

            Fault.What.DROP -> throw ConnectionLost()

            Fault.What.UNAVAILABLE -> throw Problem(
                ProblemCode.UNAVAILABLE,
                "not now, as the test asked for",
                retryAfterSeconds = fault.seconds,
            )

            Fault.What.DELAY -> {
                delay(fault.length)
                answer()
            }
        }
    }

    @Synchronized
    private fun take(kind: CallKind): Fault? {
        val next = ordered.find { it.of == null || it.of == kind } ?: return null
        if (--next.left == 0) ordered -= next
        return next.fault
    }
}
