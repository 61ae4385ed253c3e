package dev.sesame.broker.inbox

import dev.sesame.broker.Browser
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.access.SignInAttempts
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
    })
