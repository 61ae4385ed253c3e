package dev.sesame.bench.floor

import io.ktor.http.ContentType
import io.ktor.http.HttpMethod
import io.ktor.server.application.install
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.server.http.HttpRequestLifecycle
import io.ktor.server.netty.Netty
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import io.ktor.server.routing.route
import io.ktor.server.routing.routing
import io.netty.channel.ChannelOption
import kotlinx.coroutines.CompletableDeferred
import java.lang.management.ManagementFactory
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference

/**
 * The broker's engine, set up as the broker has it, and nothing behind it: what a process, an open connection and a held call cost at least.
 * It listens on the port that it is given, on loopback.
 */
internal fun main(args: Array<String>) {
    val held = AtomicInteger()
    val release = AtomicReference(CompletableDeferred<Unit>())
    embeddedServer(
        Netty,
        configure = {
            connector {
                host = "127.0.0.1"
                port = args.single().toInt()
            }
            shareWorkGroup = true
            configureBootstrap = { option(ChannelOption.SO_BACKLOG, BACKLOG) }
        },
    ) {
        routing {
            get("/healthz") { call.respondText("ok\n") }
            get("/held") { call.respondText("${held.get()}") }
            get("/heap") { call.respondText("${heapBytes()}") }
            post("/release") {
                release.getAndSet(CompletableDeferred()).complete(Unit)
                call.respondText("{}", ContentType.Application.Json)
            }
            route("/hold", HttpMethod.Get) {
                install(HttpRequestLifecycle) { cancelCallOnClose = true }
                handle {
                    held.incrementAndGet()
                    release.get().await()
                    held.decrementAndGet()
                    call.respondText(ANSWER, ContentType.Application.Json)
                }
            }
        }
    }.start(wait = true)
}

private fun heapBytes(): Long {
    repeat(COLLECTIONS) { System.gc() }
    return ManagementFactory.getMemoryMXBean().heapMemoryUsage.used
}

private const val BACKLOG = 4_096
private const val COLLECTIONS = 3

/** About as long as the broker's documents are. */
private val ANSWER = "{\"status\":\"denied\",\"rest\":\"${"r".repeat(900)}\"}"
