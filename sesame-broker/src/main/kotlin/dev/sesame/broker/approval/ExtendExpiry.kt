package dev.sesame.broker.approval

import dev.sesame.Person
import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Role
import dev.sesame.broker.store.AccessStore
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command
import java.time.Duration
import java.time.Instant
import java.time.InstantSource
import java.time.temporal.ChronoUnit

/** Puts off the expiry of a pending request, to [atMost] after it was asked. When it returns, that is on disk. */
internal class ExtendExpiry(
    private val adjudicate: Adjudicate,
    private val access: AccessStore,
    private val clock: InstantSource,
    /** After the asking. */
    val atMost: Duration,
) {
    /** `null` where there is no such approval for this approver; [NoLongerActive] where the approver was removed meanwhile. */
    suspend fun extend(id: String, approver: Approver, expiresIn: Duration, mayTouch: (ApprovalRecord) -> Boolean): Verdict? =
        extendTo(id, approver, clock.instant().truncatedTo(ChronoUnit.MILLIS) + expiresIn, mayTouch)

    /** The same, until [to]; once it is so, the same call again changes nothing. */
    suspend fun extendTo(id: String, approver: Approver, to: Instant, mayTouch: (ApprovalRecord) -> Boolean): Verdict? =
        adjudicate.judge(id, mayTouch) { record ->
            val electorate = access.electorate()
            if (!electorate.isActive(approver.id)) throw NoLongerActive()
            val asker = access.requester(record.question.requesterId)?.ownerId
            Command.Extend(Person(approver.id, approver.name), to, atMost, asker, electorate, isAdmin = approver.role == Role.ADMIN)
        }
}
