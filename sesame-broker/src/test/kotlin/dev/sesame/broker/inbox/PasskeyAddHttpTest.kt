package dev.sesame.broker.inbox

import dev.sesame.broker.Answer
import dev.sesame.broker.Browser
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.access.passkey.SoftwareAuthenticator
import dev.sesame.broker.access.passkey.SoftwareAuthenticator.Companion.BACKED_UP
import dev.sesame.broker.access.passkey.SoftwareAuthenticator.Companion.BACKUP_ELIGIBLE
import dev.sesame.broker.access.passkey.SoftwareAuthenticator.Companion.PRESENT
import dev.sesame.broker.access.passkey.SoftwareAuthenticator.Companion.VERIFIED
import dev.sesame.broker.access.passkey.child
import dev.sesame.broker.access.passkey.text
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.time.Duration
import java.util.Base64

class PasskeyAddHttpTest :
    FunSpec({
        val broker = autoClose(ClockedBroker())

        fun Answer.isRefused() = withClue(this) {
            status shouldBe 422
            text shouldContain "The passkey wasn"
        }

        fun Browser.passkeyCount() = Regex("/rename").findAll(get("/passkeys").text).count()

        test(
            "what is asked: discoverable, person verified, nothing attested, three algorithms, none that is known, no name but the person's",
        ) {
            val approver = broker.approver()
            val own = broker.withPasskey(approver)
            val asked = own.askToAdd().json.child("publicKey")
            asked.child("rp").text("id") shouldBe "localhost"
            asked.child("user").run {
                text("name") shouldBe approver.name
                String(Base64.getUrlDecoder().decode(text("id"))) shouldBe approver.id
            }
            asked.child("authenticatorSelection").run {
                text("residentKey") shouldBe "required"
                text("userVerification") shouldBe "required"
            }
            asked.text("attestation") shouldBe "none"
            Regex(""""alg":(-?\d+)""").findAll("$asked").map { it.groupValues[1].toInt() }.toList() shouldBe listOf(-7, -8, -257)
            "${asked["excludeCredentials"]}" shouldContain Base64.getUrlEncoder().withoutPadding().encodeToString(own.device.credentialId)
        }

        test("wrong origin, host, purpose or key, nobody verified, or more attested than was asked: nothing is added") {
            val wrongs = listOf<Pair<String, SoftwareAuthenticator.() -> Unit>>(
                "another origin" to { says = says.copy(origin = "https://evil.example") },
                "another port" to { says = says.copy(origin = "http://localhost:1") },
                "another host's" to { says = says.copy(rpId = "evil.example") },
                "made for signing in" to { says = says.copy(type = "webauthn.get") },
                "a challenge of its own" to { says = says.copy(challenge = "A".repeat(43)) },
                "nobody verified" to { flags = PRESENT },
                "nobody there" to { flags = VERIFIED },
                "a key cut short" to { spoil = { it.copyOf(it.size - 5) } },
            )
            val browser = broker.named()
            wrongs.forEach { (what, wrong) ->
                withClue(what) {
                    val own = PasskeyBrowser(browser)
                    own.device.wrong()
                    own.add().isRefused()
                }
            }
            listOf("android-safetynet", "tpm", "fido-u2f", "x").forEach { format ->
                PasskeyBrowser(browser).run { add { it.create(askToAdd().json, format) } }.isRefused()
            }
            listOf("", "{}", "[]", "x".repeat(20_000)).forEach { junk -> PasskeyBrowser(browser).add { junk }.isRefused() }
            browser.passkeyCount() shouldBe 0
        }

        test("a challenge adds one passkey, to the session that asked, within five minutes") {
            val own = PasskeyBrowser(broker.named())
            val asked = own.askToAdd()
            own.add(asked).status shouldBe 303
            PasskeyBrowser(own.browser).add(asked).isRefused()
            val other = PasskeyBrowser(broker.named())
            other.browser.get("/passkeys")
            other.add(own.askToAdd()).isRefused()
            val late = PasskeyBrowser(own.browser).askToAdd()
            broker.clock.move(Duration.ofMinutes(5))
            PasskeyBrowser(own.browser).add(late).isRefused()
            own.browser.passkeyCount() shouldBe 1
        }

        test("one device's key is somebody's once, and nobody else's") {
            val own = broker.withPasskey()
            own.add().isRefused()
            PasskeyBrowser(broker.named(), own.device).add().isRefused()
        }

        test("ten, and no more; the page says so, and removing makes room") {
            val browser = broker.named()
            repeat(10) { PasskeyBrowser(browser).add().status shouldBe 303 }
            val asked = PasskeyBrowser(browser).askToAdd()
            PasskeyBrowser(browser).add(asked).isRefused()
            browser.get("/passkeys").text.run {
                this shouldContain "as many as there can be"
                this shouldNotContain "data-passkey"
            }
            val id = Regex("/passkeys/(pk_[a-z2-7]+)/remove").find(browser.get("/passkeys").text)!!.groupValues[1]
            browser.post("/passkeys/$id/remove").status shouldBe 303
            PasskeyBrowser(browser).add().status shouldBe 303
        }

        test("15 minutes after signing in nothing is added or removed: a stolen session gives itself no passkey; a name can change") {
            val own = broker.withPasskey()
            val id = Regex("/passkeys/(pk_[a-z2-7]+)/remove").find(own.browser.get("/passkeys").text)!!.groupValues[1]
            val asked = own.askToAdd()
            broker.clock.move(Duration.ofMinutes(15))
            own.browser.get("/passkeys").text.run {
                this shouldNotContain "/remove"
                this shouldContain "sign in anew"
            }
            own.askToAdd().status shouldBe 403
            PasskeyBrowser(own.browser).add(asked).isRefused()
            own.browser.post("/passkeys/$id/remove").status shouldBe 422
            own.browser.post("/passkeys/$id/rename", "name" to "Kept").status shouldBe 303
            own.browser.passkeyCount() shouldBe 1
            own.signIn(next = "/passkeys").status shouldBe 303
            own.browser.get("/passkeys")
            own.browser.post("/passkeys/$id/remove").status shouldBe 303
            own.elsewhere().signIn().status shouldBe 403
        }

        test("nobody adds, renames or removes without a session or with another's form") {
            val own = broker.withPasskey()
            val id = Regex("/passkeys/(pk_[a-z2-7]+)/remove").find(own.browser.get("/passkeys").text)!!.groupValues[1]
            val paths = listOf("/passkeys", "/passkeys/options", "/passkeys/$id/rename", "/passkeys/$id/remove")
            paths.forEach { path ->
                Browser(broker.url).post(path).status shouldBe 401
                own.browser.post(path, "form" to "x").status shouldBe 403
                own.browser.post(path, headers = arrayOf("Origin" to "https://evil.example")).status shouldBe 403
            }
            val other = broker.named().also { it.get("/passkeys") }
            listOf("rename", "remove").forEach { other.post("/passkeys/$id/$it", "name" to "Mine").status shouldBe 303 }
            own.browser.get("/passkeys").text.run {
                this shouldContain "Chrome on Linux"
                this shouldNotContain "Mine"
            }
        }

        test("whether it may be copied to other devices is kept and shown, and mustn't change") {
            val own = PasskeyBrowser(broker.named())
            own.device.flags = PRESENT or VERIFIED or BACKUP_ELIGIBLE or BACKED_UP
            own.add().status shouldBe 303
            own.browser.get("/passkeys").text shouldContain "several of your devices"
            own.elsewhere().signIn().status shouldBe 303
            own.device.flags = PRESENT or VERIFIED
            own.elsewhere().signIn().status shouldBe 403
        }
    })
