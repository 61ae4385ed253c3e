package dev.sesame.ktor

import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.request.request
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpMethod
import io.ktor.server.application.Application
import io.ktor.server.engine.EmbeddedServer
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.ktor.server.testing.TestApplication
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import io.ktor.server.cio.CIO as CioServer

/** An application under test, with a client of it. */
internal class Site(private val client: HttpClient, private val base: String, val port: Int, private val stop: suspend () -> Unit) {
    suspend fun send(path: String, method: HttpMethod = HttpMethod.Post, fill: HttpRequestBuilder.() -> Unit = {}): HttpResponse =
        client.request(base + path) {
            this.method = method
            fill()
        }

    suspend fun stop() {
        client.close()
        stop.invoke()
    }
}

/** The ways to run an application: without a socket, and on the two engines that people use. */
internal enum class Engine {
    TEST_HOST {
        override suspend fun start(module: Application.() -> Unit): Site {
            val application = TestApplication { application(module) }
            application.start()
            return Site(application.createClient { followRedirects = false }, "", 0) { application.stop() }
        }
    },
    CIO {
        override suspend fun start(module: Application.() -> Unit): Site =
            started(embeddedServer(CioServer, port = 0, host = HOST, module = module))
    },
    NETTY {
        override suspend fun start(module: Application.() -> Unit): Site =
            started(embeddedServer(Netty, port = 0, host = HOST, module = module))
    },
    ;

    abstract suspend fun start(module: Application.() -> Unit): Site

    /** Runs [test] against an application of [module]. */
    suspend fun serving(module: Application.() -> Unit, test: suspend (Site) -> Unit) {
        val site = start(module)
        try {
            test(site)
        } finally {
            site.stop()
        }
    }

    companion object {
        const val HOST = "127.0.0.1"

        /** Those with a socket. */
        val real = listOf(CIO, NETTY)

        private suspend fun started(server: EmbeddedServer<*, *>): Site {
            server.startSuspend(wait = false)
            val port = server.engine.resolvedConnectors().first().port
            return Site(HttpClient(io.ktor.client.engine.cio.CIO) { followRedirects = false }, "http://$HOST:$port", port) {
                server.stopSuspend(gracePeriodMillis = 0, timeoutMillis = 2_000)
            }
        }
    }
}

internal suspend fun HttpResponse.json(): JsonObject = Json.parseToJsonElement(bodyAsText()).jsonObject

internal suspend fun HttpResponse.code(): String = json().text("code")
