package dev.sesame.broker.http

import io.ktor.http.HttpMethod
import io.ktor.server.application.ApplicationCall
import io.ktor.server.request.path
import io.ktor.server.routing.HttpMethodRouteSelector
import io.ktor.server.routing.PathSegmentConstantRouteSelector
import io.ktor.server.routing.PathSegmentParameterRouteSelector
import io.ktor.server.routing.RouteSelector
import io.ktor.server.routing.RoutingNode
import io.ktor.server.routing.getAllRoutes
import io.ktor.server.routing.routing

/** What this call's address takes, for `Allow` (RFC 9110, 15.5.6). */
internal fun ApplicationCall.allowedMethods(): List<HttpMethod> {
    val path = request.path().split('/').filter { it.isNotEmpty() }
    return application.routing { }.getAllRoutes().map { it.selectors() }.filter { it.take(path) }
        .flatMap { it.filterIsInstance<HttpMethodRouteSelector>() }.map { it.method }.distinct()
}

private fun RoutingNode.selectors(): List<RouteSelector> = generateSequence(this) { it.parent }.map { it.selector }.toList().reversed()

private fun List<RouteSelector>.take(path: List<String>): Boolean {
    val segments = filter { it is PathSegmentConstantRouteSelector || it is PathSegmentParameterRouteSelector }
    return segments.size == path.size && segments.zip(path).all { (segment, name) ->
        segment !is PathSegmentConstantRouteSelector || segment.value == name
    }
}
