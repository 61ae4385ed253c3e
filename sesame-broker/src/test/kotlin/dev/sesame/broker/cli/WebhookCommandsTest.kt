package dev.sesame.broker.cli

import dev.sesame.broker.TestBroker
import dev.sesame.broker.delivery.Receiver
import dev.sesame.broker.delivery.Reply
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.store.ids
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain

class WebhookCommandsTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val terminal = Terminal("SESAME_BROKER_URL" to broker.url, "SESAME_APPROVER_TOKEN" to broker.admin.bearer!!)

        test("endpoints add and rotate print a secret once; list never does; disable and enable say what they did") {
            val requester = broker.requester().name
            val url = "https://hooks.example/a"
            val made = terminal.run("endpoints", "add", "--requester", requester, url, "--json").well().json
            val id = made.text("id")
            made.text("secret") shouldMatch "whsec_.{44}"
            terminal.run("endpoints", "add", "--requester", requester, "$url/b").well().out shouldContain "whsec_"
            terminal.run("endpoints", "list").well().out.let {
                it shouldContain url
                it shouldNotContain "whsec_"
            }
            val rotated = terminal.run("endpoints", "rotate", id).well().out
            rotated shouldContain "whsec_"
            rotated shouldNotContain made.text("secret")
            terminal.run("endpoints", "disable", id, "--reason", "moving house").well().out shouldContain "moving house"
            terminal.run("endpoints", "list", "--requester", requester).well().out shouldContain "moving house"
            terminal.run("endpoints", "enable", id).well().out shouldContain url
            terminal.run("endpoints", "list", "--requester", requester, "--json").well().json.objects("endpoints").size shouldBe 2
        }

        test("deliveries list, show and redeliver") {
            Receiver(answer = { Reply(200, "thanks") }).use { receiver ->
                val id = broker.requester().asked("callback_url" to receiver.url)
                broker.approver().approve(id)
                val delivery = receiver.await(1).single().id
                awaitThat("it is kept") { terminal.run("deliveries", "list", "--state", "delivered").well().out.contains(delivery) }
                terminal.run("deliveries", "list", "--approval", id).well().out shouldContain receiver.url
                terminal.run("deliveries", "list", "--approval", id, "--state", "failed").well().out shouldContain "none"
                val shown = terminal.run("deliveries", "show", delivery).well().out
                listOf(delivery, "is delivered", id, "200", "thanks").forEach { shown shouldContain it }
                terminal.run("deliveries", "redeliver", delivery).well().out shouldContain "pending"
                receiver.await(2).last().id shouldBe delivery
            }
        }

        test("what isn't there, and what may not be called, is said in one line") {
            terminal.run("endpoints", "rotate", "7").badly("not_found", "endpoints list")
            terminal.run("endpoints", "enable", ids.endpoint()).badly("not_found")
            terminal.run("deliveries", "show", ids.delivery()).badly("not_found")
            terminal.run("deliveries", "redeliver", "wh_x").badly("not_found")
            terminal.run("endpoints", "add", "--requester", broker.requester().name, "https://10.0.0.1/").badly("invalid", "url")
            terminal.run("endpoints", "add", "--requester", "nobody", "https://a.example/").badly("invalid", "requester")
        }
    })
