package dev.sesame.bench.faults

import dev.sesame.bench.Reply
import java.util.concurrent.Callable
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executors
import kotlin.random.Random

/**
 * Who answers: two people, at whichever broker, sometimes both at once with opposite answers, sometimes while the requester takes it back.
 *
 * A call without an answer is made again, maybe as another one: then the first may stand, and never both.
 */
internal class People(private val doors: List<Door>) : AutoCloseable {
    private val open = ConcurrentLinkedQueue<Asked>()
    private val threads = Executors.newVirtualThreadPerTaskExecutor()

    val isIdle: Boolean get() = open.isEmpty()

    fun ask(asked: Asked) {
        open += asked
    }

    /** Answers one question; `false`: there was none. */
    fun step(random: Random): Boolean {
        val asked = open.poll() ?: return false
        val replies = atOnce(callsOn(asked, random))
        if (replies.all { it == Reply.None }) open += asked
        return true
    }

    private fun callsOn(asked: Asked, random: Random): List<() -> Reply> {
        val roll = random.nextInt(HUNDRED)
        val approve = { door(random).decide(asked, "approve", random.nextInt(2)) }
        return when {
            roll < APPROVED -> listOf(approve)
            roll < DENIED -> listOf { door(random).decide(asked, "deny", random.nextInt(2)) }
            roll < CANCELLED -> listOf { door(random).cancel(asked) }
            roll < OPPOSED -> listOf({ door(random).decide(asked, "approve", 0) }, { door(random).decide(asked, "deny", 1) })
            else -> listOf(approve, { door(random).cancel(asked) })
        }
    }

    private fun atOnce(calls: List<() -> Reply>): List<Reply> =
        if (calls.size == 1) listOf(calls.single()()) else threads.invokeAll(calls.map { Callable { it() } }).map { it.get() }

    private fun door(random: Random) = doors.random(random)

    override fun close() = threads.shutdownNow().let { }

    private companion object {
        const val HUNDRED = 100
        const val APPROVED = 62
        const val DENIED = 76
        const val CANCELLED = 82
        const val OPPOSED = 92
    }
}
