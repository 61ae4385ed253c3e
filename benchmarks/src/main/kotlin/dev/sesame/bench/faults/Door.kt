package dev.sesame.bench.faults

import dev.sesame.bench.PlainHttp
import dev.sesame.bench.Reply
import dev.sesame.bench.text
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put

/** One question: the driver's own key for it, and the broker's id. */
internal data class Asked(val key: String, val id: String)

/** One way to a broker, for a requester and two people who may answer. Whatever is sent is in [history] before, and what came of it after. */
internal class Door(url: String, credentials: Credentials, private val history: History) : AutoCloseable {
    private val requester = PlainHttp(url, credentials.apiKey)
    private val people = credentials.people.map { PlainHttp(url, it) }

    fun open(key: String, question: JsonObject): Asked? {
        val number = history.asks(OPEN, key)
        val reply = requester.post("/v1/approvals", question).also { history.answer(number, OPEN, key, it) }
        return ((reply as? Reply.Done)?.body)?.text("approval_id")?.let { Asked(key, it) }
    }

    /** [answer] is `approve` or `deny`. */
    fun decide(asked: Asked, answer: String, person: Int): Reply = recorded(answer, asked) {
        people[person].post("/v1/approvals/${asked.id}/decision", buildJsonObject { put("decision", answer) })
    }

    fun cancel(asked: Asked): Reply = recorded(CANCEL, asked) { requester.post("/v1/approvals/${asked.id}/cancel", JsonObject(emptyMap())) }

    /** Holds a poll; whether it was told of an end. A pending one says nothing that must stand. */
    fun hearOfEnd(asked: Asked): Boolean {
        val reply = requester.get("/v1/approvals/${asked.id}?wait=true&timeout_seconds=$HOLD_SECONDS")
        if (reply is Reply.Done && reply.body.text("status") == "pending") return false
        if (reply != Reply.None) history.answer(0, WAIT, asked.key, reply)
        return reply != Reply.None
    }

    /** All that the requester ever asked, as the broker has it, by id. */
    fun everything(): Map<String, Map<String, String>> {
        val found = LinkedHashMap<String, Map<String, String>>()
        var cursor: String? = ""
        while (cursor != null) {
            val page = requester.get("/v1/approvals?limit=100" + if (cursor.isEmpty()) "" else "&cursor=$cursor")
            val body = checkNotNull((page as? Reply.Done)?.body) { "a broker that is well doesn't list what was asked: $page" }
            (body.getValue("approvals") as JsonArray).map { factsOf(it.jsonObject) }.associateByTo(found) { it.getValue("id") }
            cursor = body.text("next_cursor")
        }
        return found
    }

    override fun close() {
        requester.close()
        people.forEach { it.close() }
    }

    private fun recorded(call: String, asked: Asked, send: () -> Reply): Reply {
        val number = history.asks(call, asked.key, mapOf("id" to asked.id))
        return send().also { history.answer(number, call, asked.key, it) }
    }

    companion object {
        const val OPEN = "open"
        const val CANCEL = "cancel"
        const val WAIT = "wait"
        private const val HOLD_SECONDS = 5
    }
}

/** By what the driver is known to the brokers. */
internal class Credentials(val apiKey: String, val people: List<String>)
