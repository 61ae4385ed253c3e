package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.approval
import dev.sesame.asApproval
import dev.sesame.document
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlin.time.Duration
import kotlin.time.TimeSource

/** A broker behind the port, for virtual time: honest, with a human who says yes at once, but for what a test scripts otherwise. */
internal class ScriptedBroker(time: TimeSource) : BrokerCalls {
    class Call(val name: String, val body: JsonObject, val at: Duration) {
        fun text(name: String): String = body.getValue(name).jsonPrimitive.content
    }

    private val start = time.markNow()
    val calls = mutableListOf<Call>()
    var isClosed = false
    override var features: Set<String> = setOf("claim")

    var onOpen: suspend (JsonObject) -> Approval =
        {
            document(
                "pending",
                action = it.getValue("action").jsonPrimitive.content,
                context = it.getValue("context").jsonObject,
            ).asApproval()
        }
    var onRead: suspend (Duration?) -> Approval = { hold -> approval(if (hold == null) "pending" else "approved") }
    var onCancel: suspend () -> Approval = { approval("cancelled") }
    var onClaim: suspend (JsonObject) -> ClaimGrant = { ClaimGrant("the token", approval()) }
    var onReport: suspend (JsonObject) -> Approval = { approval() }

    var onFollow: suspend (cursor: String?, onEvent: suspend (FeedEvent) -> Unit) -> Unit = { _, _ -> error("no feed was scripted") }

    fun named(name: String): List<Call> = calls.filter { it.name == name }

    override suspend fun open(body: JsonObject): Approval = onOpen(body.also { note("open", it) })

    override suspend fun read(id: String, hold: Duration?): Approval {
        note(if (hold == null) "read" else "wait")
        return onRead(hold)
    }

    override suspend fun receipt(id: String): String = error("no test asks for a receipt here")

    override suspend fun cancel(id: String): Approval {
        note("cancel")
        return onCancel()
    }

    override suspend fun claim(id: String, body: JsonObject): ClaimGrant = onClaim(body.also { note("claim", it) })

    override suspend fun report(id: String, body: JsonObject): Approval = onReport(body.also { note("report", it) })

    override suspend fun check(body: JsonObject): ToldDecision = error("no test of this port asks the policy")

    override suspend fun decide(id: String, body: JsonObject): Approval = error("no test of this port decides")

    override suspend fun extend(id: String, body: JsonObject): Approval = error("no test of this port extends")

    override suspend fun list(path: String, query: Map<String, String>): ApprovalPage = ApprovalPage(emptyList())

    override suspend fun follow(cursor: String?, readyWithin: Duration, silence: Duration, onEvent: suspend (FeedEvent) -> Unit) {
        note("follow")
        onFollow(cursor, onEvent)
    }

    override fun close() {
        isClosed = true
    }

    private fun note(name: String, body: JsonObject = JsonObject(emptyMap())) {
        calls += Call(name, body, start.elapsedNow())
    }
}
