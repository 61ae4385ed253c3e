package dev.sesame.samples.deploy

import dev.sesame.Sesame
import dev.sesame.contextAs
import dev.sesame.ktor.approval
import dev.sesame.ktor.gated
import dev.sesame.ktor.sesameWebhook
import io.ktor.server.application.Application
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import kotlinx.serialization.Serializable
import java.util.concurrent.ConcurrentHashMap

@Serializable
internal class Rollback(val name: String)

/** Stands for production: what must not change without a yes. */
internal class Fleet {
    private val versions = ConcurrentHashMap<String, String>()

    fun deploy(name: String, version: String): String {
        versions[name] = version
        return "$name is at $version"
    }

    fun rollBack(name: String): String = "$name is back from ${versions.remove(name) ?: "nothing"}"
}

internal fun Application.deploys(sesame: Sesame, webhookSecret: String?, fleet: Fleet) {
    routing {
        gatedDeploys(sesame, fleet)
        if (webhookSecret == null) {
            println("SESAME_WEBHOOK_SECRET isn't set: /sesame/webhook isn't served")
        } else {
            decisions(sesame, webhookSecret, fleet)
        }
    }
}

private fun Route.gatedDeploys(sesame: Sesame, fleet: Fleet) {
    gated(
        sesame,
        "deploys.production",
        summary = { "Deploy ${it.parameters["name"]} ${it.parameters["version"] ?: "latest"} to production" },
    ) {
        post("/deploy/{name}") {
            val name = call.pathParameters["name"].orEmpty()
            println("Deploying $name, as approved by ${call.approval.decision?.by}")
            call.respondText(fleet.deploy(name, call.queryParameters["version"] ?: "latest"))
        }
    }
}

/** What was asked with `trigger` and this application's address as callback: it runs here when the decision comes. */
private fun Route.decisions(sesame: Sesame, webhookSecret: String, fleet: Fleet) {
    sesameWebhook("/sesame/webhook") {
        secret(webhookSecret)
        handlers(sesame) {
            on("deploys.rollback") { event -> println(fleet.rollBack(event.contextAs<Rollback>().name)) }
            onDenied { event -> println("Not done: ${event.action}${event.note?.let { ": $it" }.orEmpty()}") }
        }
    }
}
