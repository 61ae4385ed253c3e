package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalStatus
import dev.sesame.BrokerUnavailableException
import kotlinx.coroutines.awaitCancellation
import kotlinx.serialization.json.JsonObject
import kotlin.time.Duration

/** A broker behind the port whose streams are scripted one by one; the last script serves all later ones. */
internal class StreamingBroker : BrokerCalls {
    /** What a stream does; it ends when this returns. */
    fun interface Stream {
        suspend fun run(tell: suspend (FeedEvent) -> Unit)
    }

    override val features: Set<String> = setOf("claim", "feed")
    val streams = mutableListOf<Stream>()
    val cursors = mutableListOf<String?>()
    val reads = mutableListOf<List<String>>()
    val stored = mutableMapOf<String, ApprovalStatus>()

    /** What is told of one that is stored. */
    var document: (String, ApprovalStatus) -> Approval = ::approvalOf
    var openStreams = 0
        private set

    override suspend fun follow(cursor: String?, readyWithin: Duration, silence: Duration, onEvent: suspend (FeedEvent) -> Unit) {
        val script = streams.getOrElse(cursors.size) { streams.last() }
        cursors += cursor
        openStreams++
        try {
            script.run(onEvent)
        } finally {
            openStreams--
        }
    }

    override suspend fun list(path: String, query: Map<String, String>): ApprovalPage {
        val ids = query.getValue("ids").split(',')
        reads += ids
        return ApprovalPage(ids.mapNotNull { id -> stored[id]?.let { document(id, it) } })
    }

    override suspend fun open(body: JsonObject): Approval = unscripted()

    override suspend fun read(id: String, hold: Duration?): Approval = unscripted()

    override suspend fun cancel(id: String): Approval = unscripted()

    override suspend fun receipt(id: String): String = unscripted()

    override suspend fun claim(id: String, body: JsonObject): ClaimGrant = unscripted()

    override suspend fun report(id: String, body: JsonObject): Approval = unscripted()

    override suspend fun check(body: JsonObject): ToldDecision = error("no test of this port asks the policy")

    override suspend fun decide(id: String, body: JsonObject): Approval = unscripted()

    override suspend fun extend(id: String, body: JsonObject): Approval = unscripted()

    override fun close() = Unit

    private fun unscripted(): Nothing = error("the feed has no business with this call")
}

internal fun approvalOf(id: String, status: ApprovalStatus) = Approval(id = id, action = "a", status = status)

internal fun ready(cursor: String) = FeedEvent(cursor, approval = null)

internal fun decided(cursor: String, id: String, status: ApprovalStatus = ApprovalStatus.APPROVED) =
    FeedEvent(cursor, approvalOf(id, status))

internal val unreachable = StreamingBroker.Stream { throw Retryable(null, BrokerUnavailableException("gone")) }

internal val silent = StreamingBroker.Stream { }

/** Ready, and then nothing for good. */
internal val quiet = StreamingBroker.Stream { tell ->
    tell(ready("c0"))
    awaitCancellation()
}
