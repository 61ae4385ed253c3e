package dev.sesame.broker.among

import dev.sesame.broker.access.Revocations
import dev.sesame.broker.store.Together

/** Ends what is held open here under credentials that another broker revoked, and the streams of people whom one put into other groups. */
internal class EndRevoked(private val together: Together, private val revocations: Revocations) {
    private var electorate: Long? = null
    private var hasMoved = false

    /** One look. */
    suspend fun run() {
        val now = together.electorateVersion()
        val moves = electorate != null && electorate != now
        // Once more at the next look: a stream that came back at once may have read what was remembered from before.
        if (moves || hasMoved) revocations.moveAll()
        hasMoved = moves
        electorate = now
        val held = revocations.held()
        if (held.isNotEmpty()) together.revokedOf(held).forEach(revocations::revoke)
    }
}
