package dev.sesame.broker.store

import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.Mode
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Event
import dev.sesame.rules.Transition
import java.time.Instant

/**
 * Where approvals are kept. What it has acknowledged is on disk.
 *
 * Every adapter passes `ApprovalStoreContract`. Reads see every acknowledged commit. Failures of the engine are [StoreUnavailable].
 */
internal interface ApprovalStore {
    /**
     * Stores [transition], one row in `events` and one entry in the audit for each of its steps, the notices that it owes and, where it is a
     * decision, the deliveries, if the approval is still at [expectedVersion] (0: it is not there yet, and no uncancelled approval of the same
     * requester and mode has its dedup key), and the electorate is still at the version [judgedBy], where that is given.
     * `false`: somebody was first; read again.
     */
    suspend fun commit(expectedVersion: Int, transition: Transition, at: Instant, judgedBy: Long? = null): Boolean

    /** The approval, whoever's it is. */
    suspend fun find(id: String): ApprovalRecord?

    /** The uncancelled approval that [dedupKey] stands for. */
    suspend fun findByDedupKey(requesterId: String, mode: Mode, dedupKey: String): ApprovalRecord?

    /** Newest first; of equal age, by id downwards. */
    suspend fun list(query: ApprovalQuery): List<ApprovalRecord>

    /** Ids of pending approvals that time has ended by [now] (`Question.endsAt`), the oldest end first. */
    suspend fun due(now: Instant, limit: Int): List<String>

    /** Ids of pending approvals that are to ask others too by [now] (`ApprovalRecord.escalatesAt`), the oldest first. */
    suspend fun escalating(now: Instant, limit: Int): List<String>

    /** Ids of approvals of which by [now] values may be erased that a rule wants erased (`ApprovalRecord.eraseAt`). */
    suspend fun eraseDue(now: Instant, limit: Int): List<String>

    /** When the next one is due for each of the three above. */
    suspend fun dueTimes(): DueTimes

    /** How many of the requester's approvals are pending, counted up to [atMost]. */
    suspend fun countPending(requesterId: String, mode: Mode, atMost: Int): Int

    /** The number of the newest event; 0 before the first. No event with a number at or below it will come any more. */
    suspend fun lastEvent(): Long

    /** The requester's decisions with event numbers above [seq], in commit order, each as it was when it was decided. */
    suspend fun decidedAfter(seq: Long, requesterId: String, mode: Mode, limit: Int): List<Decided>

    /** What happened to live requests of anybody, with event numbers above [seq], in commit order; each request as it is now. */
    suspend fun happenedAfter(seq: Long, limit: Int): List<Happened>

    /**
     * Frees the dedup keys of at most [limit] approvals that ended before [endedBefore] and are settled; returns how many.
     *
     * Where nobody knows the outcome of a run the key stays: the same call, come late, must not run it again.
     */
    suspend fun forgetKeys(endedBefore: Instant, limit: Int): Int

    /**
     * Deletes [at] now at most [limit] approvals that ended before [endedBefore], their events, deliveries and notices; returns how many. The
     * audit keeps what it has of them.
     */
    suspend fun forget(endedBefore: Instant, limit: Int, at: Instant): Int
}

/** When the next approval ends by time, is to ask others too, and is to have values erased; `null`: there is none. */
internal data class DueTimes(val ends: Instant?, val escalates: Instant?, val erases: Instant?)

/** A decision, and the number of its event. */
internal data class Decided(val seq: Long, val record: ApprovalRecord)

/** An event, its number, and the request that it happened to as it is now. */
internal data class Happened(val seq: Long, val event: Event, val record: ApprovalRecord)

/** Which approvals, and how many; `null` is no restriction. */
internal data class ApprovalQuery(
    val requesterId: String? = null,
    val mode: Mode? = null,
    val status: ApprovalStatus? = null,
    val action: String? = null,
    val dedupKey: String? = null,
    val ids: List<String>? = null,
    val olderThan: Position? = null,
    val limit: Int,
    /** The run as its last report or claim left it: a claim whose lease lapsed is one still. */
    val execution: Set<ExecutionState>? = null,
)

/** A place in a list that is sorted newest first. */
internal data class Position(val createdAt: Instant, val id: String)

/** The engine couldn't do it (full disk, lost file, lost connection): nothing was acknowledged; trying again later is safe. */
internal open class StoreUnavailable(message: String, cause: Throwable? = null) : RuntimeException(message, cause)
