package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ExecutionState
import dev.sesame.Mode
import dev.sesame.TestDecision
import io.kotest.property.Arb
import io.kotest.property.arbitrary.bind
import io.kotest.property.arbitrary.boolean
import io.kotest.property.arbitrary.choose
import io.kotest.property.arbitrary.constant
import io.kotest.property.arbitrary.list
import io.kotest.property.arbitrary.map
import io.kotest.property.arbitrary.of
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.time.Duration
import kotlin.time.Duration.Companion.seconds

/** Something that somebody tries under one dedup key, [wait] after what was tried before. */
internal sealed interface Step {
    val wait: Duration

    /** The requester asks, maybe something else than before. */
    data class Ask(override val wait: Duration, val question: Question) : Step {
        override fun toString(): String = "+$wait ask ${question.context} of ${question.approvalsRequired}, ${question.test}"
    }

    data class Try(override val wait: Duration, val command: Command) : Step {
        override fun toString(): String = "+$wait $command"
    }
}

/** Lengths around which something ends, so that its very last instant and the first one after are hit often. */
private val waits: Arb<Duration> = Arb.of(
    listOf("0S", "0S", "0.000000001S", "1S", "9.999999999S", "10S", "30S", "59.999999999S", "60S", "120S").map { Duration.parse("PT$it") },
)

private val outcomes = Arb.of(ExecutionState.SUCCEEDED, ExecutionState.FAILED, ExecutionState.FAILED, ExecutionState.UNKNOWN)

/** People come and go, and move from group to group. */
private val electorates: Arb<Electorate> = Arb.choose(
    6 to staff,
    1 to staff.copy(groupsOf = staff.groupsOf - ann.id),
    1 to staff.copy(groupsOf = staff.groupsOf + (bob.id to setOf("security"))),
    1 to staff.copy(groupsOf = staff.groupsOf + (ann.id to emptySet())),
)

private val contexts: Arb<JsonObject?> =
    Arb.choose(6 to null, 3 to refundOf(21).context, 1 to refund.context, 1 to JsonObject(refund.context + ("to" to JsonPrimitive("me"))))

private val votes: Arb<Command> = Arb.bind(
    Arb.of(ann, bob, cem, olga, zoe),
    Arb.choose(7 to Answer.APPROVE, 1 to Answer.DENY),
    electorates,
    contexts,
) { by, answer, electorate, context ->
    Command.CastVote(by, answer, "inbox", null, olga.id, electorate, context.takeIf { answer == Answer.APPROVE })
}

private val extensions: Arb<Command> = Arb.bind(Arb.of(ann, bob, olga, zoe), Arb.of(1L, 400, 2_000, 90_000), Arb.boolean()) {
        by,
        after,
        isAdmin,
    ->
    extend(by, Duration.ofSeconds(after), isAdmin)
}

private val takeClaims: Arb<Command> = Arb.bind(
    Arb.of(HOLDER, STRANGER),
    Arb.of(10L, 60L),
    Arb.choose(9 to refund.requestHash, 1 to refundOf(21).requestHash),
    Arb.boolean(),
) { claimant, seconds, hash, afterUnknown -> Command.TakeClaim(claimant, Duration.ofSeconds(seconds), hash, afterUnknown) }

private val reports: Arb<Command> = Arb.bind(Arb.of(null, 1, 1, 1, 2, 2, 3, 4), outcomes) { fence, outcome -> report(outcome, fence) }

private val commands: Arb<Command> = Arb.choose(
    6 to votes,
    8 to takeClaims,
    6 to reports,
    2 to outcomes.map { Command.Settle(it) },
    2 to extensions,
    1 to Arb.constant(redact("amount")),
    1 to Arb.constant(Command.Cancel),
    1 to Arb.constant(Command.Expire),
    2 to Arb.constant(Command.Escalate),
)

/** Mostly the same question, so that histories go far; those that differ do so in one part of the fingerprint. */
private val questions: Arb<Question> = Arb.choose(
    6 to refund,
    2 to refundOf(21),
    3 to refund.copy(editable = listOf("amount")),
    3 to refund.copy(approvalsRequired = 2),
    2 to refund.copy(approvalsRequired = 3),
    3 to refund.copy(approvalsRequired = 2, groups = oneOfEach.keys.toList(), approvalsPerGroup = oneOfEach),
    3 to escalating,
)

/** What a question of test mode brings along: nothing, or an answer at an instant that [waits] hit, the last one with the expiry. */
private val tests: Arb<TestDecision?> = Arb.choose(
    1 to null,
    3 to TestDecision.approve(),
    4 to TestDecision.approve(60.seconds),
    2 to TestDecision.deny(30.seconds),
    1 to TestDecision.approve(300.seconds),
)

private val asks: Arb<Step> = Arb.bind(waits, questions, tests) { wait, question, test ->
    Step.Ask(wait, question.copy(mode = Mode.TEST, test = test)) // a live history asks it without
}
private val tries: Arb<Step> = Arb.bind(waits, commands) { wait, command -> Step.Try(wait, command) }

/** Up to 30 things that people and programs may try, in any order. */
internal val histories: Arb<List<Step>> = Arb.list(Arb.choose(1 to asks, 7 to tries), 1..30)
