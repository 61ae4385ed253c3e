package dev.sesame.broker.inbox

import dev.sesame.broker.Browser
import dev.sesame.broker.TestBroker
import dev.sesame.broker.browser
import dev.sesame.broker.signInLink
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class SessionPagesHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val others = Regex("/sessions/(ss_[a-z2-7]{26})/end")

        test("an approver sees where they are signed in, and ends what they don't know, but nothing of anybody else's") {
            val approver = broker.approver()
            val mine = broker.browser(approver)
            val phone = Browser(broker.url, "Mozilla/5.0 (iPhone) Safari/1").also { it.signIn(broker.signInLink(approver)) }
            val stranger = broker.browser(broker.approver())
            val page = mine.get("/sessions")
            listOf("Chrome on Linux", "Safari on iPhone", "(this one)").forEach { page.text shouldContain it }
            val id = others.findAll(page.text).single().groupValues[1]
            stranger.get("/sessions").text shouldNotContain id
            stranger.post("/sessions/$id/end").status shouldBe 303
            phone.get("/inbox").status shouldBe 200
            mine.get("/sessions")
            mine.post("/sessions/$id/end").header("Location") shouldBe "/sessions"
            phone.get("/inbox").status shouldBe 401
            mine.get("/inbox").status shouldBe 200
        }

        test("signing out ends this session and takes the cookie away; signing out everywhere ends all") {
            val approver = broker.approver()
            val browser = broker.browser(approver)
            val token = browser.cookie
            browser.get("/sessions")
            browser.post("/sign-out").status shouldBe 200
            browser.cookie.shouldBeNull()
            Browser(broker.url).apply { cookie = token }.get("/inbox").status shouldBe 401
            val both = List(2) { broker.browser(approver) }
            both[0].get("/sessions")
            both[0].post("/sessions/end").status shouldBe 200
            both.forEach { it.get("/inbox").status shouldBe 401 }
        }

        test("no form of another session, and none without its token, ends anything") {
            val browser = broker.browser(broker.approver())
            val foreign = broker.browser(broker.approver())
            val token = Regex("""name="form" value="([^"]*)"""").find(foreign.get("/sessions").text)!!.groupValues[1]
            browser.get("/sessions")
            listOf("", token, "x").forEach { wrong ->
                listOf("/sign-out", "/sessions/end").forEach { path ->
                    withClue("$path $wrong") { browser.post(path, "form" to wrong).status shouldBe 403 }
                }
            }
            browser.get("/inbox").status shouldBe 200
        }
    })
