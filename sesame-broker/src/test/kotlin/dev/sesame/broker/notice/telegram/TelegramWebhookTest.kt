package dev.sesame.broker.notice.telegram

import dev.sesame.broker.Answer
import dev.sesame.broker.Http
import dev.sesame.broker.json
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.JsonObject
import java.net.http.HttpRequest.BodyPublishers

/** Telegram calls the broker, where it was told to. */
class TelegramWebhookTest :
    FunSpec({
        val telegram = autoClose(BotApiServer())
        val broker = autoClose(TelegramBroker(telegram, byWebhook = true))
        telegram.await("the webhook is set") { telegram.calls.any { it.method == "setWebhook" } }
        val set = telegram.calls.first { it.method == "setWebhook" }
        val secret = set.text("secret_token")!!

        fun bring(update: JsonObject, by: String? = secret): Answer {
            val http = Http(broker.url, null)
            val request = http.request("/telegram/updates").header("Content-Type", "application/json")
            by?.let { request.header("X-Telegram-Bot-Api-Secret-Token", it) }
            return http.send(request.POST(BodyPublishers.ofString(update.toString())))
        }

        test("it is told an address without the token, and a secret of its own; and is never asked") {
            set.text("url") shouldBe "https://sesame.example/telegram/updates"
            set.text("url")!! shouldNotContain BotApiServer.TOKEN.substringAfter(':')
            (secret.length >= 52) shouldBe true
            telegram.calls.filter { it.method == "getUpdates" } shouldHaveSize 0
        }

        test("whoever doesn't know the secret is refused, and nothing happens") {
            val kim = broker.approver()
            val account = TelegramBroker.newAccount()
            val update = telegram.write(account, "/start ${broker.codeFor(kim)}")
            listOf(null, "", "wrong", secret.dropLast(1), secret + "x", secret.uppercase()).forEach {
                bring(update, by = it).status shouldBe
                    401
            }
            telegram.shownIn(account) shouldHaveSize 0
            bring(update).status shouldBe 200
            telegram.awaitShown(account)
        }

        test("updates that come again, and late ones after newer ones, are dealt with once each") {
            val kim = broker.approver()
            val account = TelegramBroker.newAccount()
            bring(telegram.write(account, "/start ${broker.codeFor(kim)}")).status shouldBe 200
            telegram.awaitShown(account) // else what is asked may be told before that it is linked
            val id = broker.requester().asked()
            val message = telegram.awaitShown(account, count = 2)
            val early = telegram.write(account, "/pending")
            val press = telegram.press(account, message, "✅ Approve")
            listOf(press, early, press, early, press).forEach { bring(it).status shouldBe 200 }
            broker.awaitStatus(id, "approved").list("votes") shouldHaveSize 1
            telegram.await("the list came, once") { telegram.shownIn(account).size == 3 }
            telegram.await("the press is answered") { telegram.answers.isNotEmpty() }
            telegram.answers.toList() shouldContainExactly listOf(telegram.answers.first())
        }

        test("what is no update is taken and does nothing") {
            listOf(json(), json("update_id" to "x"), json("update_id" to 1), json("update_id" to 2, "message" to "x")).forEach {
                bring(it).status shouldBe 200
            }
        }
    })
