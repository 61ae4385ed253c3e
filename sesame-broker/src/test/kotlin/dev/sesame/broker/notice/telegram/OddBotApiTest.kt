package dev.sesame.broker.notice.telegram

import com.sun.net.httpserver.HttpServer
import dev.sesame.broker.egress.BotApiClient
import dev.sesame.broker.egress.Egress
import dev.sesame.broker.egress.guardedClient
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.serialization.json.JsonObject
import java.net.InetAddress
import java.net.InetSocketAddress
import kotlin.time.Duration.Companion.seconds

class OddBotApiTest :
    FunSpec({
        listOf("{\"ok\":true,\"result\":" + "[".repeat(200_000), "[".repeat(200_000), "{\"ok\":true", "<html>", "").forEach { odd ->
            test("an answer that begins ${odd.take(24)} and is none of the Bot API's is no answer") {
                val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
                server.createContext("/") { call ->
                    call.requestBody.readAllBytes()
                    call.sendResponseHeaders(200, odd.length.toLong().takeIf { it > 0 } ?: -1)
                    call.responseBody.use { it.write(odd.toByteArray()) }
                }
                server.start()
                val token = BotToken(BotApiServer.TOKEN)
                val client = BotApiClient("http://127.0.0.1:${server.address.port}", token) {
                    guardedClient(Egress(BotApiClient.ANYWHERE), limits = BotApiClient.LIMITS)
                }
                try {
                    client.use { it.call("getUpdates", JsonObject(emptyMap()), 5.seconds).shouldBeInstanceOf<BotAnswer.None>() }
                } finally {
                    server.stop(0)
                }
            }
        }
    })
