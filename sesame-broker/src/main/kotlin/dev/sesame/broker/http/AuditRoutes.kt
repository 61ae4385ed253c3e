package dev.sesame.broker.http

import dev.sesame.broker.audit.AuditEntry
import dev.sesame.broker.audit.Head
import dev.sesame.broker.store.AuditStore
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** The audit as admins read it: entries in their order, and what was signed about them last. */
internal class AuditRoutes(private val callers: Callers, private val audit: AuditStore) {
    fun install(route: Route) {
        route.get("/v1/admin/audit") { list(call) }
    }

    private suspend fun list(call: ApplicationCall) {
        callers.admin(call)
        val query = Query(call, "after", "limit")
        val after = query.whole("after") ?: 0
        if (after < 0) query.refuse("after", "must be 0 or more")
        val limit = query.limit()
        query.done()
        val head = audit.head() ?: Head.NONE
        call.respondJson(
            jsonObjectOf(
                "entries" to JsonArray(audit.entriesAfter(after, limit).map { it.toJson() }),
                "length" to JsonPrimitive(head.seq),
                "head" to JsonPrimitive(head.hash),
                "checkpoint" to JsonPrimitive(audit.newestCheckpoint()),
            ),
        )
    }
}

/** With all that its hash covers but the hash before it, which is the entry before's. */
internal fun AuditEntry.toJson() = buildJsonObject {
    put("seq", seq)
    put("at", at.toString())
    put("fact", fact.name)
    put("approval_id", fact.approvalId)
    put("version", fact.version)
    put("details", fact.details)
    put("hash", hash)
}
