package dev.sesame.bench.waits

import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.util.concurrent.atomic.AtomicReferenceArray

/** One way to wait for decisions; both ways do the same job against the same broker, claim and report included. */
internal interface Side : AutoCloseable {
    /** What [untilParked] will need; outside of what is timed. */
    suspend fun prepare()

    /** Opens wait number [index], durably; [wait] goes on from there. */
    suspend fun open(index: Int)

    /** Waits for what was opened; on a yes claims, runs the block, reports. Returns when all of that is over. */
    suspend fun wait(index: Int)

    /** Both in one: what a program calls. */
    suspend fun ask(index: Int)

    /** Returns when the broker can tell each of the [count] waits that were begun. */
    suspend fun untilParked(count: Int)
}

/** When what happened to each wait, on this JVM's clock; made before the waits, so that no wait is charged for it. */
internal class Marks(size: Int) {
    /** The ids, once known: what the deciders need. */
    val ids = AtomicReferenceArray<String>(size)

    /** When the wait learned of its decision. */
    val told = LongArray(size)

    /** When its block began, with the claim on the broker's disk. */
    val started = LongArray(size)

    /** Called with the number of each wait that was opened. */
    @Volatile var onOpened: (Int) -> Unit = {}

    fun opened(index: Int, id: String) {
        ids.set(index, id)
        onOpened(index)
    }

    /** What tells that a wait came to its end: a yes begins the block, anything else is only told. */
    fun endOf(answer: String): LongArray = if (answer == "approve") started else told

    fun clear() {
        told.fill(0)
        started.fill(0)
    }
}

/** What both sides ask: a small, usual context. */
internal fun contextOf(index: Int): JsonObject = buildJsonObject {
    put("wait", index)
    put("customer", "cus_${index}_ana")
    put("cents", 4_200)
    put("order", "ord-2026-11-$index")
}

internal const val ACTION = "payments.refund"
internal const val SUMMARY = "Refund 42.00 to Ana"
