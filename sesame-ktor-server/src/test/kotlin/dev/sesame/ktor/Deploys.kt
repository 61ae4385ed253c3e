package dev.sesame.ktor

import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.request.header
import io.ktor.client.request.setBody
import io.ktor.client.statement.HttpResponse
import io.ktor.http.HttpHeaders
import io.ktor.server.application.Application
import io.ktor.server.request.receiveText
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import java.security.MessageDigest
import java.util.HexFormat
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

internal const val ACTION = "deploys.production"
internal const val BODY = """{"version":"1.2.3"}"""
internal const val MAX_BODY = 1_000

/** An application with a gated route, whose person is named in a header, and what its handler received. */
internal class Deploys(private val also: Application.(Deploys) -> Unit = {}) {
    val broker = BrokerInMemory()
    val received = CopyOnWriteArrayList<String>()

    val module: Application.() -> Unit = {
        also(this@Deploys)
        routing {
            gate {
                post("/deploy/{name}") {
                    received += call.receiveText()
                    call.respondText("deployed ${call.pathParameters["name"]} with ${call.approval.id}")
                }
                post("/restart/{name}") { call.respondText("restarted") }
            }
        }
    }

    fun Route.gate(action: String = ACTION, build: Route.() -> Unit): Route = gated(
        broker.sesame,
        action,
        principal = { it.request.headers["Person"] },
        dedupKey = { it.request.headers["Dedup-Key"] },
        longestWait = 2.seconds,
        maxBodyBytes = MAX_BODY,
        bodyTimeout = 500.milliseconds,
        build = build,
    )
}

internal suspend fun Site.deploy(
    path: String = "/deploy/web",
    body: String = BODY,
    person: String = "kim",
    fill: HttpRequestBuilder.() -> Unit = {},
): HttpResponse = send(path) {
    header("Person", person)
    setBody(body)
    fill()
}

/** Asks, and returns where to go on. */
internal suspend fun Site.asked(path: String = "/deploy/web", fill: HttpRequestBuilder.() -> Unit = {}): String =
    deploy(path, fill = fill).headers[HttpHeaders.Location] ?: error("it wasn't asked")

internal fun idIn(location: String): String = location.substringAfter("approval=")

internal fun sha256(text: String): String = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.toByteArray()))
