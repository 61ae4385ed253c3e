package dev.sesame

import dev.sesame.internal.ExecutionStateText
import dev.sesame.internal.InstantText
import dev.sesame.internal.InternalSesameApi
import dev.sesame.internal.Term
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import java.time.Instant

/** What became of the approved action's run. */
@Serializable
public class Execution @InternalSesameApi constructor(
    /** How far it got. */
    @Serializable(with = ExecutionStateText::class) public val state: ExecutionState,
    /** When the right to run it was taken. */
    @SerialName("claimed_at") @Serializable(with = InstantText::class) public val claimedAt: Instant,
    /** When the run ended, or its lease lapsed. */
    @SerialName("ended_at") @Serializable(with = InstantText::class) public val endedAt: Instant? = null,
    /** What the run, or the admin who settled it, said about it. */
    public val detail: String? = null,
) {
    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "$state"
}

/** How far the approved action's run got. */
public class ExecutionState private constructor(value: String) : Term(value) {
    /** The known states. */
    public companion object {
        /** Somebody holds the right to run it and may be running it now. */
        @JvmField public val CLAIMED: ExecutionState = ExecutionState("claimed")

        /** It ran to its end. */
        @JvmField public val SUCCEEDED: ExecutionState = ExecutionState("succeeded")

        /** It did nothing, and may be claimed again. */
        @JvmField public val FAILED: ExecutionState = ExecutionState("failed")

        /** Whether it ran can't be known: a person has to look. */
        @JvmField public val UNKNOWN: ExecutionState = ExecutionState("unknown")

        /** The state written [value] on the wire, known or not. */
        @JvmStatic public fun of(value: String): ExecutionState = ExecutionState(value)
    }
}
