package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ExecutionState
import dev.sesame.Person
import kotlinx.serialization.json.JsonObject
import java.time.Duration
import java.time.Instant

/** What somebody wants done to an approval. */
public sealed interface Command {
    /**
     * An approver answers what is live. [context], where given, is what they approve in place of what was asked. [asker] is the person who
     * owns the requester: they don't decide their own question. [electorate] is who may answer now.
     */
    public data class CastVote(
        val by: Person,
        val answer: Answer,
        val via: String,
        val note: String?,
        val asker: String?,
        val electorate: Electorate,
        val context: JsonObject? = null,
    ) : Command {
        init {
            require(context == null || answer == Answer.APPROVE) { "only an approval changes the context" }
        }

        override fun toString(): String = "CastVote($by, $answer${if (context == null) "" else ", edited"})" // the context is in no log
    }

    /** An approver, or an admin, puts the expiry off, within [atMost] from the asking on. */
    public data class Extend(
        val by: Person,
        val to: Instant,
        val atMost: Duration,
        val asker: String?,
        val electorate: Electorate,
        val isAdmin: Boolean = false,
    ) : Command

    /** The requester, or an admin, takes the question back. */
    public data object Cancel : Command

    /** Time has passed. */
    public data object Expire : Command

    /** So much time has passed that others may be asked too. */
    public data object Escalate : Command

    /** A call wants the right to run what [contextHash] stands for. */
    public data class TakeClaim(val claimant: String, val lease: Duration, val contextHash: String, val afterUnknown: Boolean = false) :
        Command

    /** The holder of [fence] says what became of the run; `null` is a token that was never given out. */
    public data class Report(val fence: Int?, val outcome: ExecutionState, val detail: String? = null) : Command {
        init {
            requireOutcome(outcome)
        }
    }

    /** Values at these paths of the contexts are erased, as the admin with the id [by] wants, or the rule where that is `null`. */
    public data class Redact(val fields: List<String>, val by: String?) : Command

    /** An admin says what became of a run that ended without a word; [by] is kept, where it is given. */
    public data class Settle(val outcome: ExecutionState, val detail: String? = null, val by: Person? = null) : Command {
        init {
            requireOutcome(outcome)
        }
    }
}

private fun requireOutcome(outcome: ExecutionState) {
    require(outcome in setOf(ExecutionState.SUCCEEDED, ExecutionState.FAILED, ExecutionState.UNKNOWN)) { "$outcome is no outcome" }
}
