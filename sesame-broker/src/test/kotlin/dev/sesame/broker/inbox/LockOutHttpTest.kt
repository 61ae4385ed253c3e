package dev.sesame.broker.inbox

import dev.sesame.broker.BrokerConfig
import dev.sesame.broker.Browser
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.access.SignInAttempts
import dev.sesame.broker.address.TrustedProxies
import dev.sesame.broker.browser
import dev.sesame.broker.signInLink
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class LockOutHttpTest :
    FunSpec({
        test("who fails too often waits, with a right link too; who is signed in goes on") {
            ClockedBroker().use { broker ->
                val signedIn = broker.browser(broker.approver())
                val link = broker.signInLink(broker.approver())
                val browser = Browser(broker.url)
                repeat(SignInAttempts.FROM_ONE) { browser.post("/sign-in", "link" to "sl_wrong").status shouldBe 403 }
                val refused = browser.post("/sign-in", "link" to link.substringAfterLast('/'))
                refused.status shouldBe 429
                refused.text shouldContain "Too many attempts"
                (refused.header("Retry-After")!!.toLong() in 800..901) shouldBe true
                browser.cookie.shouldBeNull()
                signedIn.get("/inbox").status shouldBe 200
            }
        }

        test("behind a proxy that is trusted each visitor fails alone, whatever they write themselves") {
            ClockedBroker(config = BrokerConfig(trustedProxies = TrustedProxies.of("127.0.0.1"))).use { broker ->
                fun signIn(saying: String, link: String = "sl_wrong") =
                    Browser(broker.url).post("/sign-in", "link" to link, headers = Browser.OWN + ("X-Forwarded-For" to saying))
                repeat(SignInAttempts.FROM_ONE) { signIn("192.0.2.$it, 198.51.100.1").status shouldBe 403 }
                val link = broker.signInLink(broker.approver()).substringAfterLast('/')
                signIn("192.0.2.77, 198.51.100.1", link).status shouldBe 429
                signIn("198.51.100.2", link).status shouldBe 303
            }
        }

        test("without one the header says nothing") {
            ClockedBroker().use { broker ->
                val failed = List(SignInAttempts.FROM_ONE + 1) {
                    Browser(
                        broker.url,
                    ).post("/sign-in", "link" to "sl_wrong", headers = Browser.OWN + ("X-Forwarded-For" to "192.0.2.$it")).status
                }
                failed shouldBe List(SignInAttempts.FROM_ONE) { 403 } + 429
            }
        }
    })
