package dev.sesame.broker.http

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.mayRead
import dev.sesame.broker.notice.Notice
import dev.sesame.broker.notice.telegram.LinkTelegram
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.NoticeStore
import dev.sesame.rules.Fields
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.notFound
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject

/** What approvers were told of a request, and the accounts that reach them; [link] is `null` where no bot is set up. */
internal class NoticeRoutes(
    private val callers: Callers,
    private val approvals: ApprovalStore,
    private val notices: NoticeStore,
    private val access: AccessStore,
    private val link: LinkTelegram?,
) {
    fun install(route: Route) {
        route.get("/v1/approvals/{id}/notices") { list(call) }
        route.post("/v1/admin/approvers/{id}/link-telegram") { link(call) }
        route.post("/v1/admin/approvers/{id}/unlink-telegram") { unlink(call) }
    }

    private suspend fun list(call: ApplicationCall) {
        val caller = callers.approver(call)
        Query(call).done()
        val record = approvals.find(call.approvalId())?.takeIf(caller::mayRead) ?: throw notFound()
        val names = access.approvers().associateBy { it.id }
        call.respondJson(jsonObjectOf("notices" to JsonArray(notices.noticesOf(record.id, MOST_SHOWN).map { it.toJson(names) })))
    }

    private suspend fun link(call: ApplicationCall) {
        val id = approverOf(call)
        val code = needed().newCode(id) ?: throw noApprover()
        call.respondJson(
            buildJsonObject {
                put("code", code.clear)
                put("command", "/start ${code.clear}")
                put("url", code.url)
                put("expires_at", code.expiresAt.toString())
            },
            HttpStatusCode.Created,
        )
    }

    private suspend fun unlink(call: ApplicationCall) {
        val id = approverOf(call)
        if (!needed().unlink(id)) throw Problem(ProblemCode.NOT_FOUND, "no Telegram account is linked to an approver with this id")
        call.respondJson(buildJsonObject { put("id", id) })
    }

    private suspend fun approverOf(call: ApplicationCall): String {
        callers.admin(call)
        Fields(call.jsonBody()).done()
        return call.parameters["id"].orEmpty()
    }

    private fun needed(): LinkTelegram =
        link ?: throw Problem(ProblemCode.NOT_FOUND, "this broker has no Telegram bot: start it with SESAME_TELEGRAM_BOT_TOKEN")

    private fun noApprover() = Problem(ProblemCode.NOT_FOUND, "there is no active approver with this id")

    private fun Notice.toJson(approvers: Map<String, Approver>) = buildJsonObject {
        put("kind", kind.name.lowercase())
        put("channel", contact.channel)
        putJsonObject("approver") {
            put("id", contact.approverId)
            put("name", approvers[contact.approverId]?.name.orEmpty())
        }
        put("state", state.name.lowercase())
        put("created_at", createdAt.toString())
        put("next_at", nextAt?.toString())
        put("ended_at", endedAt?.toString())
        put("attempt_count", attempts)
        put("detail", detail)
    }

    private companion object {
        /** The newest; there are more only where very many people are asked. */
        const val MOST_SHOWN = 500
    }
}
