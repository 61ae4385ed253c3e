package dev.sesame.bench.once

import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue

/** Where a call between a worker and the broker can be held. */
internal enum class Place(val inWords: String) {
    /** The broker granted the claim; the worker doesn't know yet. */
    CLAIM_ANSWERED("between claim and block"),

    /** The block returned; the broker doesn't know yet. */
    REPORT_SENT("between block and report"),

    /** The broker knows the outcome; the worker doesn't know that. */
    REPORT_ANSWERED("between report and its answer"),
}

/** A call that stands still at a place. */
internal class Held(val replica: Int) {
    private val goesOn = CompletableFuture<Boolean>()

    fun letGo() {
        goesOn.complete(true)
    }

    /** The connection ends instead. */
    fun cut() {
        goesOn.complete(false)
    }

    fun awaitEnd(): Boolean = goesOn.join()
}

/** The answer to a report, as it went by. */
internal class Reported(val approvalId: String, val replica: Int, val isTaken: Boolean)

/** Which calls the proxies hold, and which reports they saw answered. */
internal class Holds {
    private val armed = ConcurrentHashMap<Pair<String, Place>, CompletableFuture<Held>>()
    val reports = ConcurrentLinkedQueue<Reported>()

    /** Holds the next call of [approvalId] at [place], once; the future completes when it stands there. */
    fun arm(approvalId: String, place: Place): CompletableFuture<Held> = CompletableFuture<Held>().also { armed[approvalId to place] = it }

    /** Whether the call may go on: at once where nobody wants it held. */
    fun pass(approvalId: String, place: Place, replica: Int): Boolean {
        val wanted = armed.remove(approvalId to place) ?: return true
        return Held(replica).also(wanted::complete).awaitEnd()
    }
}
