package dev.sesame.broker.http

import dev.sesame.broker.notice.telegram.isSecret
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import io.ktor.server.routing.post
import kotlinx.serialization.json.JsonObject

/** Where Telegram brings updates, if it was told to: whoever knows the secret is Telegram. It is answered when the update is dealt with. */
internal class TelegramRoutes(private val secret: String, private val heard: suspend (JsonObject) -> Unit) {
    fun install(route: Route) {
        route.post(PATH) { update(call) }
    }

    private suspend fun update(call: ApplicationCall) {
        if (!isSecret(call.request.headers[SECRET_HEADER], secret)) throw Problem(ProblemCode.UNAUTHORIZED, "this address is for Telegram")
        heard(call.jsonBody())
        call.respondJson(JsonObject(emptyMap()))
    }

    companion object {
        const val PATH = "/telegram/updates"
        private const val SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
    }
}
