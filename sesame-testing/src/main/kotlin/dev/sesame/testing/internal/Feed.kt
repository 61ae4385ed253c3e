package dev.sesame.testing.internal

import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.toJson
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.withTimeoutOrNull
import java.time.Duration
import java.time.Instant
import java.time.InstantSource
import java.util.Base64
import kotlin.time.Duration.Companion.seconds

/** The decision feed: a requester's decisions from a cursor on, in commit order, each once. */
internal class Feed(private val access: Access, private val desk: Desk, private val clock: InstantSource) {
    private val store = desk.store
    private val probes = MutableStateFlow(0)

    /** The streams that are open now. */
    val open = Places("feeds", FEEDS)

    /** Writes to every stream at once, so that it shows who has left. */
    fun probe() {
        probes.update { it + 1 }
    }

    fun follow(call: HttpCall): HttpAnswer {
        val caller = access.requester(call)
        Query(call).done()
        val after = call.header("Last-Event-ID")?.let { seqOf(it, caller) ?: throw expired() }
        if (after != null && after !in 0..lastEvent()) throw expired()
        open.check(caller.holderId)
        val stream = Stream { sink ->
            open.within(caller.holderId, "a decision feed of ${caller.account.name}") { follow(caller, after) { sink(it.toByteArray()) } }
        }
        return HttpAnswer(OK, mapOf(CONTENT_TYPE to EVENT_STREAM, "X-Accel-Buffering" to "no"), stream = stream)
    }

    private suspend fun follow(caller: Caller.AsRequester, after: Long?, write: suspend (String) -> Unit): Nothing {
        var seq = after ?: lastEvent()
        var probed = probes.value
        write("id: ${cursor(seq, caller)}\nevent: ready\ndata: {}\n\n")
        while (true) {
            val seen = store.changes.value
            val decisions = store.history().filter { it.seq > seq && it.isDecisionFor(caller) }
            if (decisions.isNotEmpty()) {
                write(decisions.joinToString("") { event(it, caller) })
                seq = decisions.last().seq
            } else {
                val isQuiet = withTimeoutOrNull(HEARTBEAT) {
                    combine(store.changes, probes) { change, probe -> change != seen || probe != probed }.first { it }
                } == null
                if (isQuiet || probes.value != probed) write(": still here\n\n")
                probed = probes.value
            }
        }
    }

    private fun event(decision: Happened, caller: Caller.AsRequester): String =
        "id: ${cursor(decision.seq, caller)}\nevent: decision\ndata: ${desk.document(decision.decided()).toJson()}\n\n"

    private fun lastEvent(): Long = store.history().size.toLong()

    private fun cursor(seq: Long, caller: Caller.AsRequester): String = Base64.getUrlEncoder().withoutPadding()
        .encodeToString("$seq.${clock.millis()}.${caller.account.id}.${caller.mode}".toByteArray())

    /** `null` where the cursor is another requester's, too old, or none at all. */
    private fun seqOf(cursor: String, caller: Caller.AsRequester): Long? {
        val parts = try {
            String(Base64.getUrlDecoder().decode(cursor.take(LONGEST_CURSOR))).split('.')
        } catch (_: IllegalArgumentException) {
            return null
        }
        if (parts.drop(2) != listOf(caller.account.id, caller.mode.value)) return null
        val given = parts[1].toLongOrNull() ?: return null
        val isTooOld = Duration.between(Instant.ofEpochMilli(given), clock.instant()) > OLDEST
        return parts[0].toLongOrNull().takeUnless { isTooOld }
    }

    private fun expired() = Problem(ProblemCode.CURSOR_EXPIRED, "begin without Last-Event-ID, then read what you wait for once")

    private companion object {
        const val FEEDS = 8
        const val LONGEST_CURSOR = 200
        val OLDEST: Duration = Duration.ofDays(7)
        val HEARTBEAT = 15.seconds
    }
}
