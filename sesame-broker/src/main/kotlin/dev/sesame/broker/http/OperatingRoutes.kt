package dev.sesame.broker.http

import dev.sesame.broker.store.AccessStore
import io.ktor.http.ContentType
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.RoutingContext
import io.ktor.server.routing.get
import io.ktor.server.routing.head

/** What an operator's tools ask. */
internal class OperatingRoutes(private val access: AccessStore, private val metrics: () -> String) {
    fun install(route: Route) {
        route.getOrHead("/healthz") { call.respondText("ok\n") }
        route.getOrHead("/readyz") {
            access.requesters() // reaches the store, or says that it can't
            call.respondText("ready\n")
        }
        route.get("/metrics") { call.respondText(metrics(), prometheusText) }
        route.get("/openapi.json") { call.respondText(openApi, ContentType.Application.Json) }
    }

    /** Load balancers ask either way; the engine leaves the body out. */
    private fun Route.getOrHead(path: String, answer: suspend RoutingContext.() -> Unit) {
        get(path, answer)
        head(path, answer)
    }

    private companion object {
        val prometheusText = ContentType.parse("text/plain; version=0.0.4; charset=utf-8")
        val openApi: String by lazy {
            checkNotNull(OperatingRoutes::class.java.getResource("/openapi.json")) { "the contract is missing from the jar" }.readText()
        }
    }
}
