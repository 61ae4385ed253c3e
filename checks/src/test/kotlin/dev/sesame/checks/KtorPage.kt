package dev.sesame.checks

import dev.sesame.Sesame
import dev.sesame.contextAs
import dev.sesame.ktor.SesameWebhooks
import dev.sesame.ktor.approval
import dev.sesame.ktor.gated
import dev.sesame.ktor.sesameWebhook
import dev.sesame.ktor.webhookEvent
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.install
import io.ktor.server.request.receiveText
import io.ktor.server.response.respond
import io.ktor.server.response.respondText
import io.ktor.server.routing.post
import io.ktor.server.routing.route
import io.ktor.server.routing.routing
import kotlinx.serialization.Serializable
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes

// What docs/ktor.md shows, compiled, and run by KtorPageTest.

@Serializable
internal class Deploy(val name: String, val version: String)

/** What happened, for the test to see. */
internal class Production {
    val deployed = CopyOnWriteArrayList<String>()

    fun deploy(name: String, manifest: String) = "$name: $manifest".also(deployed::add)
}

internal fun Application.gatedExample(sesame: Sesame, production: Production, signedIn: (ApplicationCall) -> String?) {
    routing {
        gated(sesame, "deploys.production", principal = { signedIn(it) }) {
            post("/deploy/{name}") {
                val name = call.pathParameters["name"].orEmpty()
                call.respondText(production.deploy(name, manifest = call.receiveText())) // runs after a yes, at most once
            }
        }
    }
}

internal fun Application.gatedOptionsExample(sesame: Sesame, production: Production) {
    routing {
        gated(
            sesame,
            "deploys.staging",
            summary = { "Deploy ${it.parameters["name"]} to staging" },
            reason = { it.request.headers["Deploy-Reason"] },
            dedupKey = { it.request.headers["Deploy-Id"] },
            expiresIn = 8.hours,
            validFor = 30.minutes,
            maxBodyBytes = 64 * 1024,
        ) {
            post("/staging/{name}") {
                val approvedBy = call.approval.decision?.by
                call.respondText(production.deploy(call.pathParameters["name"].orEmpty(), "approved by $approvedBy"))
            }
        }
    }
}

internal fun Application.webhookExample(sesame: Sesame, webhookSecret: String, production: Production) {
    routing {
        sesameWebhook("/sesame/webhook") {
            secret(webhookSecret) // as SESAME_WEBHOOK_SECRET of the broker
            handlers(sesame) {
                on("deploys.nightly") { event -> event.contextAs<Deploy>().let { production.deploy(it.name, it.version) } }
            }
        }
    }
}

internal fun Application.ownHandlerExample(webhookSecret: String, count: (String) -> Unit, remember: (String) -> Unit) {
    routing {
        route("/decisions") {
            install(SesameWebhooks) {
                secret(webhookSecret)
                tolerance = 2.minutes
                onAnswer { answer -> count("webhooks.${answer.status}.${answer.outcome}") }
            }
            post {
                val event = call.webhookEvent // verified
                remember("${event.approvalId} ${event.status}: ${call.receiveText().length} bytes")
                call.respond(HttpStatusCode.NoContent)
            }
        }
    }
}
