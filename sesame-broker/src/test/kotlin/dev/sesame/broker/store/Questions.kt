package dev.sesame.broker.store

import dev.sesame.Answer
import dev.sesame.Mode
import dev.sesame.Person
import dev.sesame.TestDecision
import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Requester
import dev.sesame.internal.CanonicalJson
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.ApprovalRules
import dev.sesame.rules.Command
import dev.sesame.rules.Electorate
import dev.sesame.rules.Question
import dev.sesame.rules.Transition
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.time.Instant

/** A question as [requester] asks it [afterSeconds] after [start]. */
internal fun question(
    requester: Requester,
    afterSeconds: Long = 0,
    id: String = ids.approval(),
    action: String = "payments.refund",
    dedupKey: String? = null,
    expiresInSeconds: Long = 3_600,
    approvalsRequired: Int = 1,
): Question {
    val context = buildJsonObject { put("order", "A-1001") }
    val createdAt = start.plusSeconds(afterSeconds)
    return Question(
        id = id,
        mode = Mode.LIVE,
        requesterId = requester.id,
        requesterLabel = requester.name,
        action = action,
        summary = "Refund order A-1001",
        reason = "twice charged",
        context = context,
        requestHash = CanonicalJson.requestHash(action, context),
        dedupKey = dedupKey,
        createdAt = createdAt,
        expiresAt = createdAt.plusSeconds(expiresInSeconds),
        validForSeconds = 86_400,
        requestedBy = "agent 7",
        riskScore = 0.25,
        approvalsRequired = approvalsRequired,
    )
}

internal fun vote(by: Approver, answer: Answer = Answer.APPROVE) = vote(Person(by.id, by.name), answer, "api")

/** The vote of somebody who may answer. */
internal fun vote(by: Person, answer: Answer, via: String, note: String? = null) =
    Command.CastVote(by, answer, via, note, asker = null, Electorate(mapOf(by.id to emptySet())))

/** The same question as a test asks it, with the answer that it brings along. */
internal fun Question.asTest(answer: TestDecision? = null): Question = copy(mode = Mode.TEST, test = answer)

/** What the rules make of [command]. */
internal fun ApprovalRecord.after(command: Command, at: Instant = start.plusSeconds(1)): Transition =
    checkNotNull(ApprovalRules.judge(this, command, at).transition) { "$command changes nothing" }
