package dev.sesame.broker.inbox

import dev.sesame.broker.Browser
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.access.passkey.child
import dev.sesame.broker.access.passkey.text
import dev.sesame.broker.browser
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain
import java.time.Duration

class PasskeySignInHttpTest :
    FunSpec({
        val broker = autoClose(ClockedBroker())

        test("whoever added a passkey signs in with it on another browser, and sees what they came for") {
            val approver = broker.approver()
            val other = broker.withPasskey(approver).elsewhere()
            val answer = other.signIn(next = "/sessions")
            answer.status shouldBe 303
            answer.header("Location") shouldBe "/sessions"
            other.browser.get("/sessions").run {
                status shouldBe 200
                text shouldContain approver.name
            }
        }

        test("what is asked names no person: any passkey of this host, with its person verified") {
            broker.withPasskey()
            val asked = Browser(broker.url).post("/sign-in/passkey/options").also { it.status shouldBe 200 }.json.child("publicKey")
            asked.text("rpId") shouldBe "localhost"
            asked.text("userVerification") shouldBe "required"
            "${asked["allowCredentials"]}" shouldBe "[]"
            asked.text("challenge").length shouldBe 43
        }

        test("the session is as by a link: a token of its own, in a cookie out of scripts' reach, in place of the one before") {
            val approver = broker.approver()
            val own = broker.withPasskey(approver)
            val earlier = own.browser.cookie
            val set = own.signIn().headers.allValues("Set-Cookie").single { it.startsWith("sesame=") }
            set shouldMatch "sesame=st_[A-Za-z0-9_-]{43};.*"
            listOf("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000").forEach { set shouldContain it }
            own.browser.cookie shouldNotBe earlier
            Browser(broker.url).apply { cookie = earlier }.get("/inbox").status shouldBe 401
        }

        test("the ticket stays in this browser, for two minutes, out of scripts' reach") {
            val answer = Browser(broker.url).post("/sign-in/passkey/options")
            val set = answer.header("Set-Cookie").shouldNotBeNull()
            set shouldMatch "sesame-passkey=.*"
            listOf("HttpOnly", "SameSite=Strict", "Max-Age=120").forEach { set shouldContain it }
            answer.json.text("ticket") shouldBe ""
        }

        test("signing in leads nowhere but to a page of ours") {
            val own = broker.withPasskey()
            listOf("//evil.example", "https://evil.example", "/inbox?x=//y", "/\\evil", "", "javascript:alert(1)").forEach {
                withClue(it) { own.elsewhere().signIn(next = it).header("Location") shouldBe "/inbox" }
            }
            val id = broker.requester().asked()
            own.elsewhere().signIn(next = "/approvals/$id").header("Location") shouldBe "/approvals/$id"
        }

        test("the list says when it was made and last used, and a new name is kept") {
            val own = broker.withPasskey()
            own.browser.get("/passkeys").text.run {
                this shouldContain "Chrome on Linux"
                this shouldNotContain "last used"
            }
            broker.clock.move(Duration.ofMinutes(1))
            own.signIn()
            val page = own.browser.get("/passkeys").text
            page shouldContain "last used"
            val id = Regex("/passkeys/(pk_[a-z2-7]+)/rename").find(page)!!.groupValues[1]
            own.browser.post("/passkeys/$id/rename", "name" to " My <phone> ").status shouldBe 303
            own.browser.get("/passkeys").text shouldContain "<strong>My &lt;phone&gt;</strong>"
            listOf("", " ", "n".repeat(61)).forEach { own.browser.post("/passkeys/$id/rename", "name" to it).status shouldBe 422 }
        }

        test("at a public address the name, the origin and the cookie are that address's") {
            ClockedBroker("https://approvals.example.com").use { outside ->
                val asked = Browser(outside.url)
                    .post("/sign-in/passkey/options", headers = arrayOf("Origin" to "https://approvals.example.com"))
                asked.json.child("publicKey").text("rpId") shouldBe "approvals.example.com"
                asked.header("Set-Cookie")!! shouldMatch "__Host-sesame-passkey=.*Secure.*"
            }
        }

        test("where passkeys can't work the pages say so, and ask for none") {
            listOf(
                "http://192.168.0.7:8700",
                "https://192.168.0.7",
                "http://approvals.example.com",
                "https://[2001:db8::1]",
            ).forEach { url ->
                ClockedBroker(url).use { outside ->
                    val page = Browser(outside.url).get("/inbox").text
                    withClue(url) {
                        page shouldContain "Passkeys don't work here"
                        page shouldNotContain "data-passkey"
                        page shouldNotContain "passkeys-"
                        Browser(outside.url).post("/sign-in/passkey/options", headers = arrayOf("Origin" to url)).status shouldBe 403
                        Browser(outside.url).post("/sign-in/passkey", headers = arrayOf("Origin" to url)).status shouldBe 403
                    }
                }
            }
        }

        test("this machine called by its address is told its name instead") {
            listOf("/inbox", "/approvals/${broker.requester().asked()}").forEach { path ->
                Browser(broker.url).get(path).text.run {
                    this shouldContain "${originOf(broker.url)}$path"
                    this shouldNotContain "data-passkey"
                }
            }
            broker.browser(broker.approver()).get("/passkeys").text shouldContain "${originOf(broker.url)}/passkeys"
        }

        test("called by its name it shows the button, which only the script brings to light") {
            val answer = Browser(originOf(broker.url)).get("/inbox")
            answer.text shouldContain "Sign in with a passkey"
            answer.text shouldMatch Regex("""(?s).*<script src="/assets/passkeys-[0-9a-f]{16}\.js" defer="defer">.*""")
            answer.header("Permissions-Policy")!!.let {
                it shouldContain "publickey-credentials-create=(self)"
                it shouldContain "publickey-credentials-get=(self)"
            }
        }
    })
