package dev.sesame.broker.simulation

import dev.sesame.broker.access.ClaimToken
import dev.sesame.broker.approval.Adjudicate
import dev.sesame.broker.approval.CancelApproval
import dev.sesame.broker.approval.CastVote
import dev.sesame.broker.approval.ClaimExecution
import dev.sesame.broker.approval.ExpireDue
import dev.sesame.broker.approval.ExtendExpiry
import dev.sesame.broker.approval.NoLongerActive
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.approval.ReportOutcome
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.ApprovalQuery
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Electorate
import dev.sesame.rules.Transition
import java.time.Duration
import java.time.Instant
import java.time.InstantSource
import kotlin.random.Random

/** A broker that may die: the use cases of the real one, over a store that lets others come first and sometimes fails. */
internal class Node(approvals: ApprovalStore, access: AccessStore, clock: InstantSource, turns: Turns, trouble: Trouble) {
    val process = Process()
    private val store = TroubledStore(approvals, turns, process, trouble)
    private val people = SlowAccess(access, turns, process)
    private val tokens = ClaimToken(ByteArray(32) { 7 })
    val adjudicate = Adjudicate(store, clock) { }
    val read = ReadApproval(store, adjudicate, clock)
    val expireDue = ExpireDue(store, adjudicate, clock)
    val vote = CastVote(adjudicate, people)
    val cancel = CancelApproval(adjudicate)
    val extend = ExtendExpiry(adjudicate, people, clock, Duration.ofHours(2))
    val claim = ClaimExecution(adjudicate, tokens)
    val outcome = ReportOutcome(adjudicate, tokens)

    /** What the caller hears of it; `null` where it hears nothing, whatever was done. */
    suspend fun <T : Any> call(block: suspend Node.() -> T?): T? = try {
        block()
    } catch (_: Killed) {
        null
    } catch (_: StoreUnavailable) {
        null
    } catch (_: NoLongerActive) {
        null
    }
}

/** How often a commit fails before it is done, and after it: then it is done, and nobody is told so. */
internal class Trouble(private val random: Random, private val before: Double, private val after: Double) {
    fun before() = strike(before)

    fun after() = strike(after)

    private fun strike(chance: Double) {
        if (random.nextDouble() < chance) throw StoreUnavailable("struck", IllegalStateException())
    }
}

private class TroubledStore(
    private val store: ApprovalStore,
    private val turns: Turns,
    private val process: Process,
    private val trouble: Trouble,
) : ApprovalStore by store {
    override suspend fun commit(expectedVersion: Int, transition: Transition, at: Instant, judgedBy: Long?): Boolean {
        turns.next(process)
        trouble.before()
        val done = store.commit(expectedVersion, transition, at, judgedBy)
        turns.next(process)
        trouble.after()
        return done
    }

    override suspend fun find(id: String): ApprovalRecord? {
        turns.next(process)
        return store.find(id)
    }

    override suspend fun list(query: ApprovalQuery): List<ApprovalRecord> {
        turns.next(process)
        return store.list(query)
    }

    override suspend fun due(now: Instant, limit: Int): List<String> {
        turns.next(process)
        return store.due(now, limit)
    }
}

private class SlowAccess(private val access: AccessStore, private val turns: Turns, private val process: Process) : AccessStore by access {
    override suspend fun electorate(): Electorate = access.electorate().also { turns.next(process) } // it may be old when it is used
}
