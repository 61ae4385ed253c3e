package dev.sesame.broker.simulation

import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.broker.approval.Claimed
import dev.sesame.broker.store.ids
import dev.sesame.broker.store.question
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command
import dev.sesame.rules.Question
import java.time.Duration

/** A user's program, as the client makes it behave: it asks, waits, claims, runs its block and says what became of it. */
internal class Program(private val world: World, private val me: Process, private val number: Int) {
    private val key = "key $number"

    suspend fun run() {
        val id = ask() ?: return
        val record = decided(id)?.takeIf { it.status == ApprovalStatus.APPROVED } ?: return
        val deliberate = world.random.nextInt(8) == 0
        var sent = world.elapsed
        val granted = claim(record, deliberate) { sent = world.elapsed } ?: return
        val isLate = world.elapsed - sent >= LEASE // somebody else may run it by now
        if (isLate) return report(granted, ExecutionState.FAILED)
        val word = world.said.runs(granted, deliberate)
        repeat(world.random.nextInt(4)) { world.turns.next(me) } // the block
        val outcome = outcomes.random(world.random)
        word(outcome)
        report(granted, outcome)
    }

    private suspend fun ask(): String? {
        val question = asked()
        // Each call is another one to the broker, which gives it an id of its own.
        val opened = tried { world.anyNode().call { adjudicate.open(question.copy(id = ids.approval())) } } ?: return null
        if (opened.verdict.refusal != null) return null
        val id = opened.verdict.record.id
        world.said.opened(key, id)
        return id
    }

    /** What a key asks is always the same, but for a mistake now and then. */
    private fun asked(): Question {
        val plain = question(world.requester, id = ids.approval(), dedupKey = key).copy(
            createdAt = world.clock.instant(),
            expiresAt = world.clock.instant() + Duration.ofMinutes(10),
            validForSeconds = 1_800,
            callbackUrl = "https://caller.example/back",
        )
        val other = plain.copy(reason = "again", editable = listOf("order"))
        return when {
            world.random.nextInt(20) == 0 -> plain.copy(approvalsRequired = 3)
            number % 4 == 1 -> plain.copy(approvalsRequired = 2)
            number % 4 == 2 -> plain.copy(approvalsRequired = 2, groups = perGroup.keys.toList(), approvalsPerGroup = perGroup)
            number % 4 == 3 -> other
            else -> plain
        }
    }

    /** `null` where the program loses its patience. */
    private suspend fun decided(id: String): ApprovalRecord? {
        repeat(POLLS) {
            val record = tried { world.anyNode().call { read.find(id) { true } } } ?: return null
            if (record.status.isTerminal) {
                world.said.promised(id, "it is ${record.status.value}") { it.status == record.status }
                return record
            }
        }
        return null
    }

    private suspend fun claim(record: ApprovalRecord, deliberate: Boolean, sends: () -> Unit): Claimed.Granted? {
        val command = Command.TakeClaim(ids.bare(), LEASE, record.contextHash, deliberate)
        return tried {
            sends()
            world.anyNode().call { claim.claim(record.id, command) { true } }
        } as? Claimed.Granted
    }

    private suspend fun report(granted: Claimed.Granted, outcome: ExecutionState) {
        val id = granted.record.id
        val verdict = tried { world.anyNode().call { this.outcome.report(id, granted.token, outcome, null) { true } } } ?: return
        if (verdict.refusal == null && outcome == ExecutionState.SUCCEEDED) world.said.succeeded(id)
    }

    /** Again where nothing is heard; `null` where nothing ever is. */
    private suspend fun <T : Any> tried(call: suspend () -> T?): T? {
        repeat(TRIES) {
            world.turns.next(me)
            call()?.let { answer ->
                world.turns.next(me)
                return answer
            }
        }
        return null
    }

    private companion object {
        const val TRIES = 4
        const val POLLS = 12
        val LEASE: Duration = Duration.ofSeconds(60)
        val perGroup = mapOf("engineering" to 1, "security" to 1)
        val outcomes = listOf(ExecutionState.SUCCEEDED, ExecutionState.SUCCEEDED, ExecutionState.FAILED, ExecutionState.UNKNOWN)
    }
}
