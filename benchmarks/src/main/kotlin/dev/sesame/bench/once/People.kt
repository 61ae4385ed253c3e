package dev.sesame.bench.once

import dev.sesame.bench.PlainHttp
import dev.sesame.bench.Reply
import dev.sesame.bench.text
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import java.util.concurrent.ConcurrentHashMap

/** Who answers, and settles: over plain HTTP with an admin's token, again and again while the broker is away. */
internal class People(brokerUrl: String, token: String, private val history: History) : AutoCloseable {
    private val http = PlainHttp(brokerUrl, token)
    private val seenAt = ConcurrentHashMap<String, Long>()

    /** Looks at the inbox once, and answers what is due. */
    fun look() {
        val page = http.get("/v1/inbox?status=pending&limit=100") as? Reply.Done ?: return
        page.body.getValue("approvals").jsonArray.map { it.jsonObject }.forEach(::consider)
    }

    private fun consider(approval: JsonObject) {
        val id = checkNotNull(approval.getValue("context").jsonObject.text("order"))
        val message = history.message(id)
        history.isAsked(id, checkNotNull(approval.text("approval_id")))
        val since = System.nanoTime() - seenAt.computeIfAbsent(id) { System.nanoTime() }
        val thought = message.decideAfterMs ?: return
        if (message.fate != Fate.SILENCE && since >= thought * NANOS) answer(message)
    }

    /** Returns once it is decided; `false` where the broker was away. */
    fun answer(message: Message): Boolean {
        if (message.fate == Fate.APPROVE) history.isApproved(message.id)
        val answer = if (message.fate == Fate.APPROVE) "approve" else "deny"
        return http.post("/v1/approvals/${history.approvalId(message.id)}/decision", buildJsonObject { put("decision", answer) }) !=
            Reply.None
    }

    /** An admin's word on a run; whether it was taken, or may have been. */
    fun settle(message: Message, outcome: String): Boolean {
        val body = buildJsonObject {
            put("outcome", outcome)
            put("detail", "somebody looked")
        }
        var isUnsure = false
        while (true) {
            when (http.post("/v1/approvals/${history.approvalId(message.id)}/outcome", body)) {
                is Reply.Done -> return true
                is Reply.Refused -> return isUnsure
                Reply.None -> Thread.sleep(AGAIN_MS).also { isUnsure = true }
            }
        }
    }

    /** The approval that stands for a message. */
    fun document(message: String): JsonObject? {
        val id = history.approvalId(message) ?: return null
        return (http.get("/v1/approvals/$id") as? Reply.Done)?.body
    }

    override fun close() = http.close()

    private companion object {
        const val NANOS = 1_000_000L
        const val AGAIN_MS = 100L
    }
}
