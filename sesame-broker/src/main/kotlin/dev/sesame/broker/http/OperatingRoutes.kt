package dev.sesame.broker.http

import dev.sesame.broker.store.AccessStore
import io.ktor.http.ContentType
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.get

/** What an operator's tools ask. */
internal class OperatingRoutes(private val access: AccessStore, private val metrics: () -> String) {
    fun install(route: Route) {
        route.get("/healthz") { call.respondText("ok\n") }
        route.get("/readyz") {
            access.requesters() // reaches the store, or says that it can't
            call.respondText("ready\n")
        }
        route.get("/metrics") { call.respondText(metrics(), prometheusText) }
        route.get("/openapi.json") { call.respondText(openApi, ContentType.Application.Json) }
    }

    private companion object {
        val prometheusText = ContentType.parse("text/plain; version=0.0.4; charset=utf-8")
        val openApi: String by lazy {
            checkNotNull(OperatingRoutes::class.java.getResource("/openapi.json")) { "the contract is missing from the jar" }.readText()
        }
    }
}
