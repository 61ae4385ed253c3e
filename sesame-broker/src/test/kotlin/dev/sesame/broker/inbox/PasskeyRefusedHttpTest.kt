package dev.sesame.broker.inbox

import dev.sesame.broker.Answer
import dev.sesame.broker.Browser
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.access.SignInAttempts
import dev.sesame.broker.access.passkey.SoftwareAuthenticator
import dev.sesame.broker.access.passkey.SoftwareAuthenticator.Companion.PRESENT
import dev.sesame.broker.access.passkey.child
import dev.sesame.broker.access.passkey.text
import dev.sesame.broker.json
import dev.sesame.broker.signInLink
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.JsonObject
import java.time.Duration

/** Every refusal of a sign-in is one page, so that nobody learns from it what is right. */
class PasskeyRefusedHttpTest :
    FunSpec({
        lateinit var broker: ClockedBroker

        // Refusals lock out: each test has its own broker.
        beforeTest { broker = ClockedBroker() }
        afterTest { broker.close() }

        fun Answer.isRefused(): String {
            withClue(this) { status shouldBe 403 }
            text shouldContain "This passkey doesn"
            headers.allValues("Set-Cookie").none { it.startsWith("sesame=") } shouldBe true
            return text
        }

        fun SoftwareAuthenticator.wrong(change: SoftwareAuthenticator.() -> Unit) = apply(change)

        test("wrong origin, port, host, purpose or signature, nobody verified, nobody there, nobody named: one and the same page") {
            val wrongs = listOf<Pair<String, SoftwareAuthenticator.() -> Unit>>(
                "another origin" to { says = says.copy(origin = "https://evil.example") },
                "another port" to { says = says.copy(origin = "http://localhost:1") },
                "another scheme" to { says = says.copy(origin = says.origin.replace("http:", "https:")) },
                "another host's" to { says = says.copy(rpId = "evil.example") },
                "made for adding" to { says = says.copy(type = "webauthn.create") },
                "a challenge of its own" to { says = says.copy(challenge = "A".repeat(43)) },
                "tampered" to { spoil = { bytes -> bytes.also { it[it.size - 1] = (it.last() + 1).toByte() } } },
                "nobody verified" to { flags = PRESENT },
                "nobody there" to { flags = 0 },
            )
            val pages = wrongs.map { (what, wrong) ->
                val own = broker.withPasskey().elsewhere()
                withClue(what) { own.also { it.device.wrong(wrong) }.signIn().isRefused().also { own.browser.cookie.shouldBeNull() } }
            }
            pages.toSet().size shouldBe 1
        }

        test("unknown, of somebody else, or naming nobody") {
            val stranger = PasskeyBrowser(Browser(originOf(broker.url)))
            stranger.signIn().isRefused()
            val mine = broker.withPasskey()
            mine.device.claimsToBe(broker.approver().id)
            mine.elsewhere().signIn().isRefused()
            val silent = broker.withPasskey()
            silent.device.says = silent.device.says.copy(isSilentOfPerson = true)
            silent.elsewhere().signIn().isRefused()
        }

        test("removed, with its approver or by an admin, it signs in nobody; signing out leaves it") {
            val (gone, lost, out) = List(3) { broker.approver() }
            val (first, second, third) = listOf(gone, lost, out).map { broker.withPasskey(it) }
            broker.admin.post("/v1/admin/approvers/${gone.id}/revoke").status shouldBe 200
            broker.admin.post("/v1/admin/approvers/${lost.id}/passkeys/revoke").text("ended") shouldBe "1"
            broker.admin.post("/v1/admin/approvers/${out.id}/sign-out").status shouldBe 200
            listOf(first, second).forEach { it.elsewhere().signIn().isRefused() }
            third.elsewhere().signIn().status shouldBe 303
        }

        test("a challenge is answered once, in time, in the browser that asked, and for signing in alone") {
            val own = broker.withPasskey()
            val other = own.elsewhere()
            val asked = other.askToSignIn()
            val ticket = other.browser.ticket
            other.signIn(asked = asked).status shouldBe 303
            Browser(broker.url).apply { this.ticket = ticket }.let { PasskeyBrowser(it, own.device) }.signIn(asked = asked).isRefused()
            own.elsewhere().let { late ->
                val first = late.askToSignIn()
                broker.clock.move(Duration.ofMinutes(2))
                late.signIn(asked = first).isRefused()
            }
            own.elsewhere().signIn(asked = own.elsewhere().askToSignIn()).isRefused()
            val adding = PasskeyBrowser(own.browser).askToAdd()
            val foreign = own.elsewhere()
            foreign.browser.ticket = "sesame-passkey=" + adding.text("ticket")!!
            foreign.browser.post("/sign-in/passkey", "credential" to own.device.get(asIfForSignIn(adding))).isRefused()
        }

        test("a counter that goes back is refused, and its owner and the admin are told; one that goes on is taken") {
            val approver = broker.approver()
            val own = broker.withPasskey(approver)
            own.device.count = 7
            own.elsewhere().signIn().status shouldBe 303
            listOf(7, 6, 0).forEach {
                own.device.count = it
                own.elsewhere().signIn().isRefused()
            }
            own.device.count = 8
            own.signIn().status shouldBe 303
            own.browser.get("/passkeys").text shouldContain "a copy of it may be in use"
            broker.admin.get("/v1/admin/approvers/${approver.id}/passkeys").text shouldNotContain "\"suspect_at\":null"
        }

        test("what is no answer, too large, or nested without end is refused like any other") {
            val deep = """{"id":""" + "[".repeat(5_000)
            val own = broker.withPasskey().elsewhere()
            listOf("", "{}", "null", "[]", "{\"id\":\"x\"}", deep, "{\"id\":\"${"A".repeat(20_000)}\"}").forEach { credential ->
                own.askToSignIn()
                own.browser.post("/sign-in/passkey", "credential" to credential).isRefused()
            }
        }

        test("a form that another site sent is refused, and asks for nothing") {
            listOf("/sign-in/passkey", "/sign-in/passkey/options").forEach { path ->
                listOf(emptyArray(), arrayOf("Origin" to "https://evil.example"), arrayOf("Sec-Fetch-Site" to "cross-site")).forEach {
                    val answer = Browser(broker.url).post(path, headers = it)
                    answer.status shouldBe 403
                    answer.header("Set-Cookie").shouldBeNull()
                }
            }
        }

        test("failures count with those of links, and who failed too often waits with a right passkey too") {
            val own = broker.withPasskey()
            val link = broker.signInLink(broker.approver())
            repeat(SignInAttempts.FROM_ONE - 1) { Browser(broker.url).post("/sign-in", "link" to "sl_wrong").status shouldBe 403 }
            own.elsewhere().browser.post("/sign-in/passkey").isRefused()
            own.elsewhere().signIn().run {
                status shouldBe 429
                header("Retry-After")!!.toLong() shouldBe 900L
            }
            Browser(broker.url).post("/sign-in", "link" to link.substringAfterLast('/')).status shouldBe 429
        }
    })

/** The challenge in [asked], to be signed as if it were one to sign in. */
private fun asIfForSignIn(asked: Answer): JsonObject =
    json("publicKey" to json("rpId" to "localhost", "challenge" to asked.json.child("publicKey").text("challenge")))
