package dev.sesame.broker.notice.push

import dev.sesame.broker.BrokerProcess
import dev.sesame.broker.Browser
import dev.sesame.broker.Http
import dev.sesame.broker.delivery.Receiver
import dev.sesame.broker.delivery.Reply
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.store.start
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import kotlin.io.path.readText

class PushRestartTest :
    FunSpec({
        test("what was owed before a restart is sent after it, signed by the same key") {
            val first = PushBroker()
            val kim = first.device()
            first.requester().asked()
            kim.await()
            first.service.answer = { Reply(503) }
            val id = first.requester().asked()
            awaitThat("it failed") { first.notices(id).any { it.word("detail") == "answered 503" } }
            first.service.answer = { Reply(201) }
            first.restarted().use { second ->
                second.clock.moveSeconds(3)
                awaitThat("it came") { kim.received.size >= 3 }
                kim.agent.read(kim.received.last()).word("approval") shouldBe id
                kim.received.map { Vapid(it).key }.distinct().size shouldBe 1
                second.service.close()
            }
        }

        test("the log of a broker that sends, and fails to, holds neither addresses nor keys of devices, nor what signs") {
            val dataDir = temporaryDirectory()
            Receiver { Reply(413) }.use { service ->
                val environment = mapOf("SESAME_PUSH_ALLOW" to "127.0.0.0/8")
                BrokerProcess.broker(dataDir, environment = environment).use { broker ->
                    val url = broker.ready()
                    val admin = Http(url, dataDir.resolve("admin-token").readText().trim())
                    val agent = UserAgent.at(service.url.removeSuffix("/hook"))
                    val approver = admin.get("/v1/admin/approvers").list("approvers").single().word("id")!!
                    val browser = Browser(url)
                    browser.signIn(admin.post("/v1/admin/approvers/$approver/link").text("url")!!)
                    browser.get("/sessions")
                    browser.post("/devices", *agent.fields()).shouldBeOk()
                    Http(url, dataDir.resolve("api-key").readText().trim()).post("/v1/approvals", "action" to "a", "summary" to "b")
                    awaitThat("it says so") { "too large" in broker.err }
                    broker.stop()
                    broker.exitCode()
                    val said = broker.out + broker.err
                    listOf(agent.endpoint, agent.path, agent.p256dh, agent.auth, "vapid").forEach { said shouldNotContain it }
                }
            }
        }

        test("neither the configuration nor a device prints what a browser gave") {
            val agent = UserAgent.at("https://push.example")
            val subscription = Subscription(agent.endpoint, agent.p256dh, agent.auth)
            "${Device("dv_1", "pe_1", "ss_1", "a browser", start, start, subscription)}" shouldNotContain agent.path
        }
    })
