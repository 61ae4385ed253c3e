package dev.sesame.broker.http

import dev.sesame.broker.access.Caller
import dev.sesame.broker.access.Places
import dev.sesame.broker.access.Revocations
import dev.sesame.broker.approval.EventCursor
import dev.sesame.broker.approval.FollowDecisions
import dev.sesame.broker.store.Decided
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.toJson
import io.ktor.http.ContentType
import io.ktor.http.HttpMethod
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.install
import io.ktor.server.http.HttpRequestLifecycle
import io.ktor.server.response.header
import io.ktor.server.response.respondBytesWriter
import io.ktor.server.routing.Route
import io.ktor.server.routing.route
import io.ktor.utils.io.ByteWriteChannel
import io.ktor.utils.io.writeFully

/** `GET /v1/decisions`: the decision feed as server-sent events. */
internal class FeedRoutes(
    private val callers: Callers,
    private val documents: Documents,
    private val follow: FollowDecisions,
    private val places: Places,
    private val revocations: Revocations,
    private val cursors: EventCursor,
) {
    fun install(route: Route) {
        route.route("/v1/decisions", HttpMethod.Get) {
            install(HttpRequestLifecycle) { cancelCallOnClose = true }
            handle { stream(call) }
        }
    }

    private suspend fun stream(call: ApplicationCall) {
        val caller = callers.requester(call)
        Query(call).done()
        val after = call.request.headers["Last-Event-ID"]?.let {
            cursors.seqOf(it, caller.requester.id, caller.key.mode.value) ?: throw expired()
        }
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

    private fun cursor(seq: Long, caller: Caller.AsRequester) = cursors.of(seq, caller.requester.id, caller.key.mode.value)

    private fun expired() = Problem(ProblemCode.CURSOR_EXPIRED, "begin without Last-Event-ID, then read what you wait for once")
}
