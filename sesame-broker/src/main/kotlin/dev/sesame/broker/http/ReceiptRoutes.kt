package dev.sesame.broker.http

import dev.sesame.broker.access.mayRead
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.receipt.IssueReceipt
import dev.sesame.broker.receipt.SigningKey
import dev.sesame.broker.receipt.SigningKeys
import dev.sesame.broker.store.AuditStore
import dev.sesame.rules.Fields
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.notFound
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** Proof of a decision, and the keys that it is checked with. */
internal class ReceiptRoutes(
    private val callers: Callers,
    private val read: ReadApproval,
    private val receipts: IssueReceipt,
    private val keys: SigningKeys,
    private val store: AuditStore,
) {
    fun install(route: Route) {
        route.get("/v1/approvals/{id}/receipt") { receipt(call) }
        route.get("/.well-known/jwks.json") { jwks(call) }
        route.get("/v1/admin/signing-keys") { list(call) }
        route.post("/v1/admin/signing-keys") { rotate(call) }
        route.post("/v1/admin/signing-keys/{id}/revoke") { revoke(call) }
    }

    private suspend fun receipt(call: ApplicationCall) {
        val caller = callers.of(call)
        Query(call).done()
        val record = read.find(call.approvalId(), caller::mayRead) ?: throw notFound()
        val receipt = receipts.of(record) ?: throw Problem(ProblemCode.NOT_FOUND, NO_RECEIPT)
        call.respondJson(jsonObjectOf("receipt" to JsonPrimitive(receipt)))
    }

    /** Public, as its name says; kept by whoever asks for a while, since it seldom changes. */
    private suspend fun jwks(call: ApplicationCall) {
        call.response.header(HttpHeaders.CacheControl, "public, max-age=300")
        call.respondText(keys.jwks().toString(), ContentType.parse("application/jwk-set+json"))
    }

    private suspend fun list(call: ApplicationCall) {
        callers.admin(call)
        Query(call).done()
        call.respondJson(jsonObjectOf("signing_keys" to JsonArray(store.signingKeys().map { it.toJson() })))
    }

    private suspend fun rotate(call: ApplicationCall) {
        callers.admin(call)
        Fields(call.jsonBody()).done()
        call.respondJson(keys.rotate().toJson(), HttpStatusCode.Created)
    }

    private suspend fun revoke(call: ApplicationCall) {
        callers.admin(call)
        Fields(call.jsonBody()).done()
        val id = call.parameters["id"].orEmpty()
        if (!keys.revoke(
                id,
            )
        ) {
            throw Problem(ProblemCode.NOT_FOUND, "there is no signing key with this id but the newest: make a new one first")
        }
        call.respondJson(buildJsonObject { put("id", id) })
    }

    private fun SigningKey.toJson() = buildJsonObject {
        put("id", id)
        put("public_key", publicKey)
        put("created_at", createdAt.toString())
        put("revoked_at", revokedAt?.toString())
    }

    private companion object {
        const val NO_RECEIPT = "there is no receipt: the request is not decided yet, or was before this broker kept an audit"
    }
}
