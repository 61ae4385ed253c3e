package dev.sesame.ktor

import dev.sesame.WebhookEvent
import dev.sesame.ktor.internal.AroundHandler
import dev.sesame.ktor.internal.ReceivedAgain
import dev.sesame.ktor.internal.WebhookCall
import dev.sesame.ktor.internal.WebhookRoute
import dev.sesame.ktor.internal.webhookKey
import io.ktor.http.HttpMethod
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.RouteScopedPlugin
import io.ktor.server.application.createRouteScopedPlugin
import io.ktor.server.application.install
import io.ktor.server.routing.Route
import io.ktor.server.routing.route

/**
 * Lets only genuine webhooks of Sesame's broker pass: signed with a known secret, unaltered, and sent just now.
 *
 * With [SesameWebhooksConfig.handlers] it runs the handler for the decision and answers itself; [sesameWebhook] is the short way to that.
 * Without, the route's own handler is reached: it finds the event as [webhookEvent] and may receive the body as usual. It has to expect the
 * same decision more than once.
 *
 * The answer is `204` when the handler is through; `503` while another call runs the same decision; `500` where it failed, so that the broker
 * sends it again; `401` where the signature doesn't hold; `400` where the content is genuine but unusable; `408`, `413`, `415` for a body that is
 * slow, too large, or of another type than JSON. None has a body: why is told to the log and to [SesameWebhooksConfig.onAnswer] alone.
 * What headers alone give away is refused before the body is read.
 */
public val SesameWebhooks: RouteScopedPlugin<SesameWebhooksConfig> =
    createRouteScopedPlugin("SesameWebhooks", ::SesameWebhooksConfig) {
        val route = WebhookRoute(pluginConfig)
        on(AroundHandler) { call, proceed -> WebhookCall(route, call).receive(proceed) }
        on(ReceivedAgain) { }
    }

/**
 * `POST` [path] receives the decisions of Sesame's broker and runs the handlers for them, each at most once; see [SesameWebhooks].
 *
 * [IllegalArgumentException] where [configure] names no handlers.
 */
public fun Route.sesameWebhook(path: String = "/sesame/webhook", configure: SesameWebhooksConfig.() -> Unit): Route =
    route(path, HttpMethod.Post) {
        install(SesameWebhooks) {
            configure()
            require(handlers != null) { "sesameWebhook(\"$path\") needs handlers(sesame) { … }: without them decisions would be lost" }
        }
        handle { }
    }

/** The verified webhook: for the handler of a route with [SesameWebhooks]; an error anywhere else. */
public val ApplicationCall.webhookEvent: WebhookEvent
    get() = attributes.getOrNull(webhookKey) ?: error("there is a webhook only in the handler of a route with SesameWebhooks")
