package dev.sesame.broker.http

import dev.sesame.broker.access.Caller
import dev.sesame.broker.access.Places
import dev.sesame.broker.access.Revocations
import dev.sesame.broker.approval.FollowDecisions
import dev.sesame.broker.store.Decided
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.toJson
import io.ktor.http.ContentType
import io.ktor.server.application.ApplicationCall
import io.ktor.server.response.header
import io.ktor.server.response.respondBytesWriter
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.utils.io.ByteWriteChannel
import io.ktor.utils.io.writeFully
import java.time.Duration
import java.time.Instant
import java.time.InstantSource
import java.util.Base64

/** `GET /v1/decisions`: the decision feed as server-sent events. */
internal class FeedRoutes(
    private val callers: Callers,
    private val documents: Documents,
    private val follow: FollowDecisions,
    private val places: Places,
    private val revocations: Revocations,
    private val clock: InstantSource,
) {
    fun install(route: Route) {
        route.get("/v1/decisions") { call.whileThere { stream(call) } }
    }

    private suspend fun stream(call: ApplicationCall) {
        val caller = callers.requester(call)
        Query(call).done()
        val after = call.request.headers["Last-Event-ID"]?.let { seqOf(it, caller) ?: throw expired() }
        if (after != null && !follow.knows(after)) throw expired()
        places.within(caller.requester.id) {
            revocations.watching(caller.credentialId) { revoked ->
                callers.of(call) // once more: it may have been revoked before the watch began
                call.response.header("X-Accel-Buffering", "no")
                call.respondBytesWriter(ContentType.Text.EventStream) { follow.follow(caller, after, revoked, Writer(this, caller)) }
            }
        }
    }

    /** One write and one flush for each thing told: that is what makes waking thousands cheap. */
    private inner class Writer(private val channel: ByteWriteChannel, private val caller: Caller.AsRequester) : FollowDecisions.Follower {
        override suspend fun ready(seq: Long) = write("id: ${cursor(seq, caller)}\nevent: ready\ndata: {}\n\n")

        override suspend fun decided(batch: List<Decided>) = write(
            buildString {
                batch.forEach {
                    append("id: ").append(cursor(it.seq, caller)).append("\nevent: decision\ndata: ")
                    append(documents.of(it.record).toJson()).append("\n\n")
                }
            },
        )

        override suspend fun stillHere() = write(": still here\n\n")

        private suspend fun write(text: String) {
            channel.writeFully(text.toByteArray())
            channel.flush()
        }
    }

    private fun cursor(seq: Long, caller: Caller.AsRequester): String = Base64.getUrlEncoder().withoutPadding()
        .encodeToString("$seq.${clock.millis()}.${caller.requester.id}.${caller.key.mode}".toByteArray())

    /** `null` where the cursor is another requester's, too old, or none at all. */
    private fun seqOf(cursor: String, caller: Caller.AsRequester): Long? {
        val parts = try {
            String(Base64.getUrlDecoder().decode(cursor.take(LONGEST_CURSOR))).split('.')
        } catch (_: IllegalArgumentException) {
            return null
        }
        if (parts.drop(2) != listOf(caller.requester.id, caller.key.mode.value)) return null
        val given = parts[1].toLongOrNull() ?: return null
        val isTooOld = Duration.between(Instant.ofEpochMilli(given), clock.instant()) > OLDEST
        return parts[0].toLongOrNull().takeUnless { isTooOld }
    }

    private fun expired() = Problem(ProblemCode.CURSOR_EXPIRED, "begin without Last-Event-ID, then read what you wait for once")

    private companion object {
        const val LONGEST_CURSOR = 200
        val OLDEST: Duration = Duration.ofDays(7)
    }
}
