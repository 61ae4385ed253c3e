package dev.sesame.broker.inbox

import dev.sesame.broker.Answer
import dev.sesame.broker.Browser
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.browser
import dev.sesame.broker.signInLink
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain
import java.net.URI
import java.time.Duration

class SignInHttpTest :
    FunSpec({
        val broker = autoClose(ClockedBroker())

        fun Browser.press(link: String, vararg headers: Pair<String, String>): Answer =
            post("/sign-in", "link" to link.substringAfterLast('/'), headers = if (headers.isEmpty()) Browser.OWN else arrayOf(*headers))

        test("opening a link, any number of times, signs nobody in; pressing its button does, once") {
            val link = broker.signInLink(broker.approver())
            val browser = Browser(broker.url)
            repeat(3) { browser.get(URI(link).path).status shouldBe 200 }
            browser.cookie.shouldBeNull()
            browser.get("/inbox").status shouldBe 401
            val answer = browser.press(link)
            answer.status shouldBe 303
            answer.header("Location") shouldBe "/inbox"
            browser.get("/inbox").status shouldBe 200
            val other = Browser(broker.url)
            other.press(link).status shouldBe 403
            other.cookie.shouldBeNull()
        }

        test("a link's page is the same for a link that works, one that is spent and one that never was") {
            val link = broker.signInLink(broker.approver())
            fun page(path: String) = Browser(broker.url).get(path).let { it.status to it.text.replace(path.substringAfterLast('/'), "") }
            val fresh = page(URI(link).path)
            Browser(broker.url).signIn(link)
            page(URI(link).path) shouldBe fresh
            page("/sign-in/sl_" + "x".repeat(43)) shouldBe fresh
        }

        test("what doesn't work is refused with one and the same page: spent, replaced, late, made up, of somebody who was removed") {
            val approver = broker.approver()
            val replaced = broker.signInLink(approver)
            val spent = broker.signInLink(approver).also { Browser(broker.url).signIn(it) }
            val late = broker.signInLink(broker.approver())
            broker.clock.move(Duration.ofMinutes(15))
            val gone = broker.approver()
            val goneLink = broker.signInLink(gone)
            broker.admin.post("/v1/admin/approvers/${gone.id}/revoke").status shouldBe 200
            val refusals = listOf(replaced, spent, late, goneLink, "sl_made-up").map { Browser(broker.url).press(it) }
            refusals.map { it.status }.toSet() shouldBe setOf(403)
            refusals.map { it.text }.toSet().size shouldBe 1
            refusals.forEach { it.header("Set-Cookie").shouldBeNull() }
        }

        test("the cookie is for this host alone, out of scripts' reach, not sent with other sites' forms, and 30 days old at most") {
            val browser = Browser(broker.url)
            val set = browser.signIn(broker.signInLink(broker.approver())).header("Set-Cookie")!!
            set shouldMatch "sesame=st_[A-Za-z0-9_-]{43};.*"
            listOf("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000").forEach { set shouldContain it }
            set shouldNotContain "$" // nothing but what browsers know
            listOf("Domain", "Secure").forEach { set shouldNotContain it }
            ClockedBroker("https://approvals.example.com").use { outside ->
                val link = outside.signInLink(outside.approver())
                link shouldContain "https://approvals.example.com/sign-in/sl_"
                val origin = "Origin" to "https://approvals.example.com"
                val secure = Browser(outside.url).press(link, origin).header("Set-Cookie")!!
                secure shouldMatch "__Host-sesame=st_.*"
                listOf("Secure", "HttpOnly", "SameSite=Lax", "Path=/").forEach { secure shouldContain it }
                secure shouldNotContain "Domain"
            }
        }

        test("nobody signs in over plain http to another machine; the link stays unspent") {
            ClockedBroker("http://approvals.example.com").use { outside ->
                val link = outside.signInLink(outside.approver())
                val answer = Browser(outside.url).press(link, "Origin" to "http://approvals.example.com")
                answer.status shouldBe 403
                answer.text shouldContain "SESAME_PUBLIC_URL"
                answer.header("Set-Cookie").shouldBeNull()
            }
        }

        test("a session begins with a token of its own, whatever the browser brought along, and ends the one that it had") {
            val approver = broker.approver()
            val planted = Browser(broker.url).apply { cookie = "sesame=st_" + "p".repeat(43) }
            planted.signIn(broker.signInLink(approver))
            planted.cookie shouldNotBe "sesame=st_" + "p".repeat(43)
            val earlier = planted.cookie
            planted.signIn(broker.signInLink(approver))
            Browser(broker.url).apply { cookie = earlier }.get("/inbox").status shouldBe 401
        }

        test("a form that another site sent, or one that doesn't say from where, is refused and spends nothing") {
            val link = broker.signInLink(broker.approver())
            listOf(
                emptyArray(),
                arrayOf("Origin" to "https://evil.example"),
                arrayOf("Origin" to "null"),
                arrayOf("Sec-Fetch-Site" to "cross-site"),
                arrayOf("Sec-Fetch-Site" to "same-site"),
                arrayOf("Sec-Fetch-Site" to "none"),
                arrayOf("Origin" to "own", "Sec-Fetch-Site" to "cross-site"),
                arrayOf("Origin" to "https://evil.example", "Sec-Fetch-Site" to "same-origin"),
            ).forEach { headers ->
                val answer = Browser(broker.url).post("/sign-in", "link" to link.substringAfterLast('/'), headers = headers)
                withClue(headers.toList()) {
                    answer.status shouldBe 403
                    answer.header("Set-Cookie").shouldBeNull()
                }
            }
            Browser(broker.url).signIn(link)
        }

        test("a session ends after 12 hours in which its person did nothing, and after 30 days whatever they did") {
            val browser = broker.browser(broker.approver())
            broker.clock.move(Duration.ofHours(12).minusSeconds(1))
            browser.get("/inbox", "Sec-Fetch-Dest" to "empty").status shouldBe 200 // a script's look is no use of it
            broker.clock.moveSeconds(1)
            browser.get("/inbox").status shouldBe 401
            val busy = broker.browser(broker.approver())
            repeat(72) {
                busy.get("/inbox").status shouldBe 200
                broker.clock.move(Duration.ofHours(10))
            }
            busy.get("/inbox").status shouldBe 401
        }

        test("removing an approver ends their sessions at once") {
            val approver = broker.approver()
            val browser = broker.browser(approver)
            broker.admin.post("/v1/admin/approvers/${approver.id}/revoke").status shouldBe 200
            browser.get("/inbox").status shouldBe 401
        }
    })
