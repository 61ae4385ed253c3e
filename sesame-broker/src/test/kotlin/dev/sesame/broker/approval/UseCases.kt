package dev.sesame.broker.approval

import dev.sesame.Answer
import dev.sesame.broker.MovableClock
import dev.sesame.broker.access.Approver
import dev.sesame.broker.store.LocalWakeUp
import dev.sesame.broker.store.Stores
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.store.start
import dev.sesame.broker.temporaryDirectory
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.toApproval
import dev.sesame.rules.toJson
import java.nio.file.Path
import java.time.Duration
import java.time.Instant
import kotlin.random.Random
import kotlin.time.TimeSource

/** The use cases over a real store, on a clock that tests move. */
internal class UseCases : AutoCloseable {
    private val dir = temporaryDirectory()
    val file: Path = dir.resolve("sesame.db")
    val stores: Stores = sqliteStores(dir)
    val clock = MovableClock()
    val wakeUp = LocalWakeUp()
    val closing = Closing(Random(1))
    val adjudicate = Adjudicate(stores.approvals, clock) { wakeUp.wake(it.after.id) }
    val read = ReadApproval(stores.approvals, adjudicate, clock)
    val expireDue = ExpireDue(stores.approvals, adjudicate, clock)
    val escalateDue = EscalateDue(stores.approvals, adjudicate, clock)
    val castVote = CastVote(adjudicate, stores.access)
    val cancel = CancelApproval(adjudicate)
    val await = AwaitDecision(read, wakeUp, closing, clock, TimeSource.Monotonic)

    suspend fun vote(id: String, by: Approver, answer: Answer = Answer.APPROVE): Verdict =
        castVote.cast(id, by, answer, "api", note = null, mayTouch = anybody)!!

    fun moveTo(time: Instant) = clock.move(Duration.between(clock.instant(), time))

    override fun close() = stores.close()
}

/** All that callers are told of it; votes and decisions are equal only as text. */
internal fun ApprovalRecord.told(): String = "$version ${toApproval("", start).toJson()}"

internal val anybody: (ApprovalRecord) -> Boolean = { true }
