package dev.sesame.broker.http

import dev.sesame.Approval
import dev.sesame.broker.access.Caller
import dev.sesame.broker.access.Ids
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Redaction
import dev.sesame.rules.toApproval
import dev.sesame.rules.toJson
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.createApplicationPlugin
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import io.ktor.util.AttributeKey
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.time.InstantSource

/** Turns records into the documents that callers get. */
internal class Documents(private val publicUrl: () -> String, private val clock: InstantSource) {
    /** Whole, as to its requester. */
    fun of(record: ApprovalRecord): Approval = record.toApproval(publicUrl(), clock.instant())

    /** As [caller] may know it: who decides is not told what a rule hides from them. */
    fun of(record: ApprovalRecord, caller: Caller): Approval =
        if (caller is Caller.AsRequester) of(record) else record.toApproval(publicUrl(), clock.instant(), Redaction.INBOX)
}

internal suspend fun ApplicationCall.respondJson(body: JsonElement, status: HttpStatusCode = HttpStatusCode.OK) {
    respondText(body.toString(), ContentType.Application.Json, status)
}

internal suspend fun ApplicationCall.respondApproval(approval: Approval, status: HttpStatusCode = HttpStatusCode.OK) {
    respondText(approval.toJson().toString(), ContentType.Application.Json, status)
}

/** Names this call in answers and logs. */
internal val ApplicationCall.requestId: String get() = attributes.getOrNull(requestIdKey) ?: "none"

/** What every `/v1` answer carries. */
internal fun contractHeaders(ids: Ids, features: String) = createApplicationPlugin("ContractHeaders") {
    onCall { call ->
        val id = ids.request()
        call.attributes.put(requestIdKey, id)
        val isContract = call.request.local.uri.startsWith("/v1/")
        contractHeaders(id, features).filterKeys { isContract || it == REQUEST_ID }
            .forEach { (name, value) -> call.response.header(name, value) }
    }
}

/** The same for the call that is known as [requestId]. */
internal fun contractHeaders(requestId: String, features: String): Map<String, String> =
    mapOf(REQUEST_ID to requestId, "Sesame-Features" to features, HttpHeaders.CacheControl to "no-store")

internal fun jsonObjectOf(vararg members: Pair<String, JsonElement>) = JsonObject(mapOf(*members))

private const val REQUEST_ID = "Request-Id"
private val requestIdKey = AttributeKey<String>("request-id")
