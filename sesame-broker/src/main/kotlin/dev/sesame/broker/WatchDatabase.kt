package dev.sesame.broker

import dev.sesame.broker.store.EpochStore
import kotlinx.coroutines.CompletableDeferred

/** Why a broker stops by itself, and whether that is as its operator wanted it. */
internal class Ended(val why: String, val isWanted: Boolean)

/**
 * Looks whether this broker may go on with its database. Where that was moved away, or restored under it, what the broker remembers of it is
 * nothing to go by, and it ends.
 */
internal class WatchDatabase(private val epochs: EpochStore, private val epoch: String, private val movedTo: suspend () -> String?) {
    /** Completes when the broker has to end. */
    val ended = CompletableDeferred<Ended>()

    /** One look. */
    suspend fun look() {
        movedTo()?.let { ended.complete(Ended("its database was moved to $it: start a broker there", isWanted = true)) }
        if (epochs.current() != epoch) ended.complete(Ended("its database was restored while it ran: start it again", isWanted = false))
    }
}
