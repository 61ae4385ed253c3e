package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ExecutionState
import dev.sesame.Person
import java.time.Duration

/** What somebody wants done to an approval. */
public sealed interface Command {
    /** An approver answers what is live. [asker] is the person who owns the requester: they don't decide their own question. */
    public data class CastVote(val by: Person, val answer: Answer, val via: String, val note: String?, val asker: String?) : Command

    /** The requester, or an admin, takes the question back. */
    public data object Cancel : Command

    /** Time has passed. */
    public data object Expire : Command

    /** A call wants the right to run what [contextHash] stands for. */
    public data class TakeClaim(val claimant: String, val lease: Duration, val contextHash: String, val afterUnknown: Boolean = false) :
        Command

    /** The holder of [fence] says what became of the run; `null` is a token that was never given out. */
    public data class Report(val fence: Int?, val outcome: ExecutionState, val detail: String? = null) : Command {
        init {
            requireOutcome(outcome)
        }
    }

    /** An admin says what became of a run that ended without a word. */
    public data class Settle(val outcome: ExecutionState, val detail: String? = null) : Command {
        init {
            requireOutcome(outcome)
        }
    }
}

private fun requireOutcome(outcome: ExecutionState) {
    require(outcome in setOf(ExecutionState.SUCCEEDED, ExecutionState.FAILED, ExecutionState.UNKNOWN)) { "$outcome is no outcome" }
}
