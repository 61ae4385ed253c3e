package dev.sesame.broker.notice

import kotlinx.coroutines.withTimeoutOrNull
import java.time.Instant
import java.time.InstantSource
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration.Companion.seconds

/** The channels as admins see and try them. What came of a test is remembered until the broker stops: for each admin and channel, the last. */
internal class TestChannels(val known: List<KnownChannel>, private val clock: InstantSource) {
    private val last = ConcurrentHashMap<Pair<String, String>, Tested>()

    fun lastOf(name: String, approverId: String): Tested? = last[name to approverId]

    /** Tries the channel of that name with that approver; `null` where it is off, or there is none. */
    suspend fun test(name: String, approverId: String): Tested? {
        val check = known.firstOrNull { it.name == name }?.check ?: return null
        val told = withTimeoutOrNull(PATIENCE) { check.test(approverId) } ?: Told.Failed("it was not taken within $PATIENCE")
        return Tested(clock.instant(), told).also { last[name to approverId] = it }
    }

    private companion object {
        /** What a person waits for an answer. */
        val PATIENCE = 20.seconds
    }
}

/** What came of a test. */
internal class Tested(val at: Instant, val told: Told)
