package dev.sesame.broker.store

import dev.sesame.Mode
import java.time.Instant

/** What several brokers on one database need of it, beside the stores. A broker with a database of its own has none of this. */
internal interface Together {
    /** Who of them does the work that one does for all. */
    val workLease: WorkLease

    /** Events as they were committed by any of them. */
    val events: EventTail

    /** Tells the others that there is something new. */
    val bell: DistantBell

    /** Which of the credentials count no more. */
    suspend fun revokedOf(credentialIds: Set<String>): Set<String>

    /** Grows whenever others may answer than before. */
    suspend fun electorateVersion(): Long

    /** The time at the database, which all of them go by. */
    suspend fun time(): Instant

    /** Looks whether another server has taken over from the one that is used, and goes there. */
    suspend fun seekNewest()
}

/** A lease on the work that one broker does for all, judged by the clock of the database. A new holder has a higher term. */
internal interface WorkLease {
    /** Takes it for [LASTS_MS] where nobody has it; returns the term, `null` where somebody does. */
    suspend fun take(): Long?

    /** Renews it; `false`: somebody else has had it since, or may have it now. */
    suspend fun renew(term: Long): Boolean

    /** Lets go of it, so that nobody has to wait for its end. */
    suspend fun leave(term: Long)

    companion object {
        /** A dead broker's work waits for so long. */
        const val LASTS_MS = 6_000L
    }
}

/** Reads on from a number in the events. */
internal interface EventTail {
    /** The number of the newest; 0 before the first. */
    suspend fun newest(): Long

    /** Those with numbers above [seq], in commit order. None with a lower number than one that was read will come any more. */
    suspend fun after(seq: Long, limit: Int): List<Committed>
}

/** That something happened to an approval: enough to wake those whom it concerns. */
internal data class Committed(val seq: Long, val approvalId: String, val requesterId: String, val mode: Mode, val isDecision: Boolean)

/** Carries no truth: a ring that is lost, or that the database can't carry, costs the pause between two looks. */
internal interface DistantBell {
    /** Something was committed here. Many in a short time go as one. */
    fun ring()

    /** Rings at the others, until it is cancelled. */
    suspend fun carry()

    /** Calls [rung] when another rang, until it is cancelled. */
    suspend fun listen(rung: () -> Unit)
}
