package dev.sesame.bench.waits

import dev.sesame.bench.text
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.endpoint
import io.ktor.client.request.bearerAuth
import io.ktor.client.request.get
import io.ktor.client.request.post
import io.ktor.client.request.setBody
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.bodyAsText
import io.ktor.http.ContentType
import io.ktor.http.contentType
import kotlinx.coroutines.delay
import kotlinx.io.IOException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import java.util.UUID

/** The peer, as one would write it without the SDK: Ktor's CIO client, a coroutine and a long poll a wait; claimed and reported alike. */
internal class PollSide(private val url: String, private val key: String, private val marks: Marks, private val heldPolls: () -> Int) :
    Side {
    private val client = HttpClient(CIO) {
        expectSuccess = true
        engine {
            maxConnectionsCount = CONNECTIONS
            requestTimeout = 0
            endpoint { maxConnectionsPerRoute = CONNECTIONS }
        }
    }

    override suspend fun prepare() = Unit

    override suspend fun open(index: Int) {
        val question = buildJsonObject {
            put("action", ACTION)
            put("summary", SUMMARY)
            put("context", contextOf(index))
            put("dedup_key", "${UUID.randomUUID()}")
        }
        marks.opened(index, checkNotNull(post("/v1/approvals", question).text("approval_id")))
    }

    override suspend fun wait(index: Int) {
        val path = "/v1/approvals/${marks.ids.get(index)}"
        var approval: JsonObject
        do approval = poll("$url$path?wait=true&timeout_seconds=25") while (approval.text("status") == "pending")
        marks.told[index] = System.nanoTime()
        if (approval.text("status") != "approved") return
        val claim = buildJsonObject {
            put("claimant", "${UUID.randomUUID()}")
            put("context_hash", approval.text("context_hash"))
        }
        val token = post("$path/claim", claim).text("claim_token")
        marks.started[index] = System.nanoTime()
        val report = buildJsonObject {
            put("claim_token", token)
            put("outcome", "succeeded")
        }
        post("$path/outcome", report)
    }

    override suspend fun ask(index: Int) {
        open(index)
        wait(index)
    }

    override suspend fun untilParked(count: Int): Unit = untilHeld(count, heldPolls)

    override fun close(): Unit = client.close()

    /** A cut connection is tried again, as anyone would. */
    private suspend fun poll(address: String): JsonObject {
        while (true) {
            try {
                return client.get(address) { bearerAuth(key) }.document()
            } catch (_: IOException) {
                delay(AFTER_CUT_MS)
            }
        }
    }

    private suspend fun post(path: String, body: JsonObject): JsonObject = client.post(url + path) {
        bearerAuth(key)
        contentType(ContentType.Application.Json)
        setBody(body.toString())
    }.document()

    private suspend fun HttpResponse.document() = Json.parseToJsonElement(bodyAsText()).jsonObject

    private companion object {
        /** Its default of 1,000 would queue the rest. */
        const val CONNECTIONS = 100_000
        const val AFTER_CUT_MS = 50L
    }
}

/** The broker counts the polls that it holds. */
internal suspend fun untilHeld(count: Int, heldPolls: () -> Int) {
    var pause = 1L
    while (heldPolls() < count) {
        delay(pause)
        pause = minOf(pause * 2, LONGEST_PAUSE_MS)
    }
}

private const val LONGEST_PAUSE_MS = 20L
