package dev.sesame.bench.once

import kotlin.random.Random

/** One message of the queue: an order to ship, by an action that a person has to approve. */
internal class Message(
    val id: String,
    val fate: Fate,
    val afterwards: Afterwards,
    /** How long the block takes. */
    val lastingMs: Long,
    /** How long people think about it; `null`: until the driver tells them. */
    val decideAfterMs: Long?,
) {
    val expiresInSeconds: Long get() = if (fate == Fate.SILENCE) SHORTEST_EXPIRY else LONG_EXPIRY

    companion object {
        /** The contract's least. */
        private const val SHORTEST_EXPIRY = 10L
        private const val LONG_EXPIRY = 3_600L
        private const val LONGEST_BLOCK_MS = 400L
        private const val LONGEST_THOUGHT_MS = 2_500L

        private const val IN = 8

        /** Most are approved, a few denied, one in eight is left to expire. */
        fun ordinary(id: String, random: Random): Message {
            val fate = when (random.nextInt(IN)) {
                0, 1 -> Fate.DENY
                2 -> Fate.SILENCE
                else -> Fate.APPROVE
            }
            val afterwards = Afterwards.entries.random(random)
            return Message(id, fate, afterwards, random.nextLong(LONGEST_BLOCK_MS), random.nextLong(LONGEST_THOUGHT_MS))
        }

        /** For a marked place: approved when the driver is ready. */
        fun marked(id: String, afterwards: Afterwards, lastingMs: Long = 0) = Message(id, Fate.APPROVE, afterwards, lastingMs, null)
    }
}

/** What people answer. */
internal enum class Fate { APPROVE, DENY, SILENCE }

/** What is done once a worker said that nobody knows the outcome. */
internal enum class Afterwards {
    /** Nothing: it stays unknown, and said. */
    LEAVE,

    /** An admin says that it didn't happen: one more run may come. */
    ADMIN_FAILED,

    /** An admin says that it happened. */
    ADMIN_SUCCEEDED,

    /** The next delivery says `afterUnknown`: one more run may come. */
    CALLER_AGAIN,
}
