package dev.sesame.broker.approval

import dev.sesame.broker.store.ApprovalStore
import java.time.Duration
import java.time.InstantSource

/** Forgets what the contract lets go: dedup keys of settled requests 90 days after the end, decided requests after 400. */
internal class ForgetOld(private val store: ApprovalStore, private val clock: InstantSource) {
    /** One round; `true` where there may be more. */
    suspend fun run(): Boolean {
        val now = clock.instant()
        val keys = store.forgetKeys(now - KEYS, ROUND)
        val requests = store.forget(now - REQUESTS, ROUND, at = now)
        return keys == ROUND || requests == ROUND
    }

    private companion object {
        val KEYS: Duration = Duration.ofDays(90)
        val REQUESTS: Duration = Duration.ofDays(400)

        /** Small, since it stands in the way of every other write for so long. */
        const val ROUND = 100
    }
}
