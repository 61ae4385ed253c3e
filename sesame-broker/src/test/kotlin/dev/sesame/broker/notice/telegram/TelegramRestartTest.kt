package dev.sesame.broker.notice.telegram

import dev.sesame.broker.BrokerProcess
import dev.sesame.broker.Http
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.io.path.readText

/** The broker's process is killed at the worst moments. */
class TelegramRestartTest :
    FunSpec({
        test(
            "killed before the message, and between the vote and its edit: asked once more, edited, nothing decided twice, no token told",
        ) {
            BotApiServer().use { telegram ->
                val dataDir = temporaryDirectory()
                val environment = mapOf("SESAME_TELEGRAM_BOT_TOKEN" to BotApiServer.TOKEN, "SESAME_TELEGRAM_API_URL" to telegram.url)
                fun admin(url: String) = Http(url, dataDir.resolve("admin-token").readText().trim())
                fun status(url: String, id: String) = admin(url).get("/v1/approvals/$id").text("status")
                val account = TelegramBroker.newAccount()
                val stuck = CountDownLatch(1)
                val words = StringBuilder()

                val id = BrokerProcess.broker(dataDir, environment = environment).use { broker ->
                    val url = broker.ready()
                    val approver = admin(url).get("/v1/admin/approvers").list("approvers").single().word("id")
                    val code = admin(url).post("/v1/admin/approvers/$approver/link-telegram").text("code")
                    telegram.write(account, "/start $code")
                    telegram.awaitShown(account)
                    telegram.refuse =
                        { call ->
                            if (call.method ==
                                "sendMessage"
                            ) {
                                BotApiServer.Refusal(500, "no").also { stuck.await(30, TimeUnit.SECONDS) }
                            } else {
                                null
                            }
                        }
                    val requester = Http(url, dataDir.resolve("api-key").readText().trim())
                    val asked = requester.post("/v1/approvals", "action" to "a", "summary" to "b").text("approval_id")!!
                    awaitThat("the message is on its way") { telegram.calls.count { it.method == "sendMessage" } == 2 }
                    broker.kill()
                    words.append(broker.out).append(broker.err)
                    asked
                }
                telegram.refuse = { null }
                stuck.countDown()

                BrokerProcess.broker(dataDir, environment = environment).use { broker ->
                    val url = broker.ready()
                    val message = telegram.awaitShown(account, count = 2)
                    telegram.refuse = { call -> if (call.method == "editMessageText") BotApiServer.Refusal(500, "no") else null }
                    telegram.press(account, message, "✅ Approve")
                    awaitThat("it is approved") { status(url, id) == "approved" }
                    awaitThat("the edit was tried") { telegram.calls.any { it.method == "editMessageText" } }
                    telegram.happens("message" to dev.sesame.broker.json("text" to "what comes after is acknowledged"))
                    broker.kill()
                    words.append(broker.out).append(broker.err)
                }
                telegram.shownIn(account).last().labels.isEmpty() shouldBe false
                telegram.refuse = { null }
                BrokerProcess.broker(dataDir, environment = environment).use { broker ->
                    val url = broker.ready()
                    telegram.await("the message says so", seconds = 40) {
                        telegram.shownIn(account).last().text.startsWith("✅ Approved by admin")
                    }
                    telegram.shownIn(account).last().labels shouldHaveSize 0
                    admin(url).get("/v1/approvals/$id").list("votes") shouldHaveSize 1
                    words.append(broker.out).append(broker.err)
                }
                words.toString() shouldNotContain BotApiServer.TOKEN.substringAfter(':')
            }
        }
    })
