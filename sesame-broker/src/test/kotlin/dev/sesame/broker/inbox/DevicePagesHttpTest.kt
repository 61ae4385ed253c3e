package dev.sesame.broker.inbox

import dev.sesame.broker.Browser
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.browser
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.notice.push.PushBroker
import dev.sesame.broker.notice.push.PushConfig
import dev.sesame.broker.notice.push.UserAgent
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith

class DevicePagesHttpTest :
    FunSpec({
        val broker = autoClose(PushBroker())
        autoClose(broker.service)
        val agent = UserAgent.at(broker.serviceUrl)

        test("the page is reached from the sessions, and lists the devices of its reader alone") {
            val kim = broker.device()
            kim.browser.get("/sessions").text shouldContain """href="/devices""""
            val page = kim.browser.get("/devices").shouldBeOk().text
            listOf("Chrome on Linux", kim.id, "Send a test to Chrome on Linux", "Remove Chrome on Linux").forEach { page shouldContain it }
            page shouldNotContain kim.agent.path
            broker.browser(broker.approver()).get("/devices").text shouldNotContain kim.id
            Browser(broker.url).get("/devices").status shouldBe 401
        }

        test("no other site's form, and none of another session, turns on, renews, tries or removes") {
            val kim = broker.device()
            val foreign = arrayOf("Origin" to "https://evil.example", "Sec-Fetch-Site" to "cross-site")
            listOf("/devices", "/devices/renew", "/devices/${kim.id}/test", "/devices/${kim.id}/remove").forEach { path ->
                withClue(path) {
                    kim.browser.post(path, *agent.fields(), headers = foreign).status shouldBe 403
                    kim.browser.post(path, *agent.fields(), headers = emptyArray()).status shouldBe 403
                    kim.browser.post(path, *agent.fields(), "form" to "x").status shouldBe 403
                    Browser(broker.url).post(path, *agent.fields()).status shouldBe 401
                }
            }
            kim.received.size shouldBe 0
            kim.browser.get("/devices").text shouldContain kim.id
        }

        test("what can't be taken is refused in one line that names the field") {
            val browser = broker.browser(broker.approver()).also { it.get("/sessions") }
            val fields = agent.fields().toMap()
            mapOf(
                fields + ("endpoint" to "https://evil.example/1") to "endpoint must be at a push service",
                fields + ("endpoint" to "http://10.0.0.1/1") to "outside SESAME_PUSH_ALLOW",
                fields + ("p256dh" to "x") to "p256dh must be 65 bytes",
                fields + ("auth" to "") to "auth must be 16 bytes",
            ).forEach { (given, words) ->
                listOf("/devices", "/devices/renew").forEach { path ->
                    val answer = browser.post(path, *given.toList().toTypedArray())
                    withClue(words) { (answer.status to answer.text.lines().size) shouldBe (400 to 1) }
                    answer.text shouldContain words
                }
            }
        }

        test("the worker is served for all of the site, asked for anew each time, and with the headers of a page") {
            val worker = broker.nobody.get("/push-worker.js").shouldBeOk()
            worker.header("Content-Type") shouldStartWith "text/javascript"
            worker.header("Service-Worker-Allowed") shouldBe "/"
            worker.header("Cache-Control") shouldBe "no-cache"
            worker.header("X-Content-Type-Options") shouldBe "nosniff"
            val policy = broker.nobody.get("/inbox").header("Content-Security-Policy")!!
            listOf("worker-src 'self'", "manifest-src 'self'", "default-src 'none'").forEach { policy shouldContain it }
        }

        test("under a path of a site everything stays there: worker, manifest, icons and where forms go") {
            ClockedBroker("https://example.com/sesame").use { below ->
                below.nobody.get("/push-worker.js").header("Service-Worker-Allowed") shouldBe "/sesame/"
                val manifest = below.nobody.get("/manifest.webmanifest").shouldBeOk()
                manifest.header("Content-Type") shouldStartWith "application/manifest+json"
                (manifest.text("start_url") to manifest.text("scope")) shouldBe ("/sesame/inbox" to "/sesame/")
                manifest.list("icons").forEach { "${it["src"]}" shouldContain "/sesame/icon-" }
                below.nobody.get("/icon-192.png").header("Content-Type") shouldBe "image/png"
                below.nobody.get("/inbox").text shouldContain """href="/sesame/manifest.webmanifest""""
            }
        }

        test("nobody who isn't signed in is given the key or the script of notices") {
            broker.nobody.get("/inbox").text.let {
                it shouldNotContain "data-push"
                it shouldNotContain "/assets/push-"
            }
        }

        test("where the operator turned it off the page says so, and nothing can be turned on") {
            PushBroker(PushConfig(isOn = false)).use { off ->
                val browser = off.browser(off.approver())
                browser.get("/devices").shouldBeOk().text shouldContain "SESAME_PUSH=false"
                browser.get("/sessions").text shouldNotContain "data-push"
                browser.post("/devices", *agent.fields()).status shouldBe 404
                off.service.close()
            }
        }

        test("a broker that nothing was said to sends to well-known push services alone") {
            ClockedBroker().use { plain ->
                val browser = plain.browser(plain.approver()).also { it.get("/sessions") }
                browser.post("/devices", *agent.fields()).text shouldContain "endpoint must"
                val known = UserAgent.at("https://fcm.googleapis.com/fcm")
                browser.post("/devices", *known.fields()).status shouldBe 200
            }
        }
    })
