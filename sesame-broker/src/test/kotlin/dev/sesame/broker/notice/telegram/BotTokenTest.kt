package dev.sesame.broker.notice.telegram

import dev.sesame.broker.BrokerConfig
import dev.sesame.broker.BrokerProcess
import dev.sesame.broker.Http
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.egress.BotApiClient
import dev.sesame.broker.egress.Egress
import dev.sesame.broker.egress.guardedClient
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.JsonObject
import java.net.ServerSocket
import kotlin.io.path.readText
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The token is in every address that the broker calls there, and nowhere else. */
class BotTokenTest :
    FunSpec({
        val secret = BotApiServer.TOKEN.substringAfter(':')
        val token = BotToken(BotApiServer.TOKEN)

        fun client(url: String) = BotApiClient(url, token) { guardedClient(Egress(BotApiClient.ANYWHERE), limits = BotApiClient.LIMITS) }

        test("neither it nor the configuration prints it, and what is no token is not repeated") {
            "$token ${BrokerConfig(telegram = TelegramConfig(token))}" shouldNotContain secret
            shouldThrow<IllegalArgumentException> { BotToken("123:short-secret") }.message!! shouldNotContain "short-secret"
        }

        test("no failure of a call holds it: refused, silent, no HTTP, a name that isn't there, and a server that repeats the address") {
            BotApiServer(refuse = { BotApiServer.Refusal(404, "Not Found: /bot${BotApiServer.TOKEN}/getMe") }).use { telegram ->
                ServerSocket(0).use { silent ->
                    val closed = ServerSocket(0).use { it.localPort }
                    val urls =
                        listOf(
                            telegram.url,
                            "http://127.0.0.1:${silent.localPort}",
                            "http://127.0.0.1:$closed",
                            "http://nobody.invalid",
                            "https://127.0.0.1:${silent.localPort}",
                            "http://[",
                        )
                    urls.forEach { url ->
                        client(url).use { api ->
                            val answer = api.call("getMe", JsonObject(emptyMap()), 700.milliseconds)
                            "$answer" shouldNotContain secret
                            "$answer $api" shouldNotContain token.clear
                            (answer is BotAnswer.Done).toString() shouldContain "false"
                        }
                    }
                }
            }
        }

        test("a broker whose Telegram can't be reached serves all the same, and its log holds no part of it") {
            val dataDir = temporaryDirectory()
            val closed = ServerSocket(0).use { it.localPort }
            val environment = mapOf("SESAME_TELEGRAM_BOT_TOKEN" to token.clear, "SESAME_TELEGRAM_API_URL" to "http://127.0.0.1:$closed")
            BrokerProcess.broker(dataDir, environment = environment).use { broker ->
                val url = broker.ready()
                awaitThat("it says so") { "Telegram can't be asked" in broker.err }
                Http(
                    url,
                    dataDir.resolve("api-key").readText().trim(),
                ).post("/v1/approvals", "action" to "a", "summary" to "b").text shouldContain
                    "ap_"
                broker.stop()
                broker.exitCode()
                broker.out + broker.err shouldNotContain secret
            }
        }

        test("one that Telegram doesn't know is said in the log, without it") {
            BotApiServer(token = "1:" + "x".repeat(35)).use { telegram ->
                val environment = mapOf("SESAME_TELEGRAM_BOT_TOKEN" to token.clear, "SESAME_TELEGRAM_API_URL" to telegram.url)
                BrokerProcess.broker(temporaryDirectory(), environment = environment).use { broker ->
                    broker.ready()
                    awaitThat("it says so", seconds = 10.seconds.inWholeSeconds) { "401 Unauthorized" in broker.err }
                    broker.out + broker.err shouldNotContain secret
                }
            }
        }
    })
