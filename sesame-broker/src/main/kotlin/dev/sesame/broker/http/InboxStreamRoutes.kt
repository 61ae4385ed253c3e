package dev.sesame.broker.http

import dev.sesame.broker.access.Places
import dev.sesame.broker.access.Revocations
import dev.sesame.broker.access.mayRead
import dev.sesame.broker.approval.EventCursor
import dev.sesame.broker.approval.FollowInbox
import dev.sesame.broker.store.Happened
import dev.sesame.rules.Event
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
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
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** `GET /v1/inbox/stream`: what happens to what this approver may decide, as server-sent events. */
internal class InboxStreamRoutes(
    private val callers: Callers,
    private val follow: FollowInbox,
    private val places: Places,
    private val revocations: Revocations,
    private val cursors: EventCursor,
) {
    fun install(route: Route) {
        route.route("/v1/inbox/stream", HttpMethod.Get) {
            install(HttpRequestLifecycle) { cancelCallOnClose = true }
            handle { stream(call) }
        }
    }

    private suspend fun stream(call: ApplicationCall) {
        val reader = callers.reader(call)
        val query = Query(call, "cursor")
        val cursor = call.request.headers["Last-Event-ID"] ?: query.text("cursor")
        query.done()
        val approverId = reader.caller.approver.id
        val after = cursor?.let { cursors.seqOf(it, approverId, FollowInbox.READER) ?: throw expired() }
        if (after != null && !follow.knows(after)) throw expired()
        places.within(approverId) {
            revocations.watching(approverId, reader.credentialId, revocations.groupsOf(approverId)) { revoked ->
                val present = callers.reader(call) // once more: it may have been revoked, or moved to other groups, before the watch began
                call.response.header("X-Accel-Buffering", "no")
                call.respondBytesWriter(ContentType.Text.EventStream) { follow.follow(after, revoked, Writer(this, present)) }
            }
        }
    }

    /** It says enough to look, and no more: what was asked in full is read by id. */
    private inner class Writer(private val channel: ByteWriteChannel, private val reader: Reader) : FollowInbox.Follower {
        override suspend fun isWelcome(): Boolean = reader.isWelcome()

        override suspend fun ready(seq: Long) = write("id: ${cursor(seq)}\nevent: ready\ndata: {}\n\n")

        override suspend fun happened(batch: List<Happened>) {
            val lines = written(batch).lines
            write(
                buildString {
                    batch.forEachIndexed { index, it ->
                        if (reader.caller.mayRead(it.record)) append("id: ").append(cursor(it.seq)).append(lines[index])
                    }
                },
            )
        }

        override suspend fun stillHere() = write(": still here\n\n")

        private fun cursor(seq: Long) = cursors.of(seq, reader.caller.approver.id, FollowInbox.READER)

        private suspend fun write(text: String) {
            channel.writeFully(text.toByteArray())
            channel.flush()
        }
    }

    /** Many readers are told of the same batch; all but their cursors is written once. */
    private class Written(val batch: List<Happened>, val lines: List<String>)

    @Volatile private var newest = Written(emptyList(), emptyList())

    private fun written(batch: List<Happened>): Written = newest.takeIf { it.batch === batch }
        ?: Written(batch, batch.map { "\nevent: ${name(it.event)}\ndata: ${it.toJson()}\n\n" }).also { newest = it }

    private fun name(event: Event): String = when {
        event == Event.OPENED -> "asked"
        event.isDecision -> "decision"
        else -> "changed"
    }

    private fun Happened.toJson() = buildJsonObject {
        put("approval_id", record.id)
        put("status", record.status.value)
        put("action", record.question.action)
        put("summary", record.question.summary)
        put("requester_label", record.question.requesterLabel)
        put("risk_score", record.question.riskScore)
        put("created_at", record.question.createdAt.toString())
        put("expires_at", record.question.expiresAt.toString())
        put("decided_at", record.progress.decidedAt?.toString())
    }

    private fun expired() = Problem(ProblemCode.CURSOR_EXPIRED, "begin without a cursor, then read the inbox once")
}
