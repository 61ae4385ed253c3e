package dev.sesame.bench.held

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.KeptConnection
import dev.sesame.bench.PlainHttp
import dev.sesame.bench.answered
import dev.sesame.bench.text
import dev.sesame.bench.waits.ACTION
import dev.sesame.bench.waits.SUMMARY
import dev.sesame.bench.waits.contextOf
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import java.util.UUID
import java.util.concurrent.Callable
import java.util.concurrent.Executors

/** A requester of its own with one key, and what it asks: plain HTTP, so that nothing of the SDK stays behind in this JVM. */
internal class Questions(private val broker: BrokerProcess) {
    private val made = PlainHttp(broker.url, broker.adminToken).use { admin ->
        admin.post("/v1/admin/keys", buildJsonObject { put("requester", "held-${UUID.randomUUID()}") }).answered()
    }

    val key: String = checkNotNull(made.text("key"))

    /** Opens [count] questions; all are on disk when it returns their ids. */
    fun open(count: Int): List<String> = Executors.newFixedThreadPool(AT_ONCE).use { pool ->
        val shares = (0 until count).groupBy { it % AT_ONCE }.values
        pool.invokeAll(shares.map { share -> Callable { KeptConnection(broker.url, key).use { line -> share.map { ask(line, it) } } } })
            .flatMap { it.get() }
    }

    /** Ends the key, and with it all that is held open under it. */
    fun revoke(): Unit = PlainHttp(broker.url, broker.adminToken).use { admin ->
        admin.post("/v1/admin/keys/${made.text("id")}/revoke", JsonObject(emptyMap())).answered()
    }

    private fun ask(line: KeptConnection, index: Int): String {
        val question = buildJsonObject {
            put("action", ACTION)
            put("summary", SUMMARY)
            put("context", contextOf(index))
        }
        val answer = line.post("/v1/approvals", "$question")
        check(answer.status == CREATED) { "a question was answered with ${answer.status}: ${answer.body}" }
        return checkNotNull(Json.parseToJsonElement(answer.body).jsonObject.text("approval_id"))
    }

    private companion object {
        const val AT_ONCE = 32
        const val CREATED = 201
    }
}
