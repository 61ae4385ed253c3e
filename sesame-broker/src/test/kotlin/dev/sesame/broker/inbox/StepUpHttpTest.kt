package dev.sesame.broker.inbox

import dev.sesame.broker.Answer
import dev.sesame.broker.BrokerConfig
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.StepUpBy
import dev.sesame.broker.access.passkey.SoftwareAuthenticator.Companion.PRESENT
import dev.sesame.broker.access.passkey.child
import dev.sesame.broker.access.passkey.text
import dev.sesame.broker.browser
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.time.Duration
import java.util.Base64

class StepUpHttpTest :
    FunSpec({
        val broker = autoClose(ClockedBroker())
        val requester = broker.requester()
        fun weighty() = requester.asked("risk_score" to 0.8)
        fun isPending(id: String) = requester.read(id).text("status") shouldBe "pending"

        fun Answer.isRefused() = withClue(this) {
            status shouldBe 422
            text shouldContain "takes your passkey"
        }

        test("from the risk on, who has a passkey approves by it, and it is asked for by the request's page alone") {
            val own = broker.withPasskey()
            val id = weighty()
            own.browser.get("/approvals/$id").text.run {
                this shouldContain "data-passkey=\"approve\""
                this shouldNotContain "name=\"confirm\""
            }
            val asked = own.askToApprove(id)
            asked.json.child("publicKey").run {
                text("userVerification") shouldBe "required"
                "${this["allowCredentials"]}" shouldContain Base64.getUrlEncoder().withoutPadding().encodeToString(own.device.credentialId)
            }
            own.approve(id, asked).status shouldBe 303
            requester.read(id).run { text("status") to text("decision.via") } shouldBe ("approved" to "inbox")
        }

        test("neither a tap nor a typed word nor a passkey without its person approves it; denying takes none") {
            val own = broker.withPasskey()
            val id = weighty()
            own.browser.get("/approvals/$id")
            listOf(emptyArray(), arrayOf("confirm" to "approve"), arrayOf("credential" to "{}", "ticket" to "x")).forEach {
                own.browser.post("/approvals/$id/answer", "decision" to "approve", "note" to "kept", *it).run {
                    isRefused()
                    text shouldContain "kept"
                }
            }
            own.device.flags = PRESENT
            own.approve(id, own.askToApprove(id)).isRefused()
            isPending(id)
            own.browser.post("/approvals/$id/answer", "decision" to "deny").status shouldBe 303
            requester.read(id).text("status") shouldBe "denied"
        }

        test("one answer approves one request, once, within two minutes, in the session that asked") {
            val approver = broker.approver()
            val own = broker.withPasskey(approver)
            val (first, second, third) = List(3) { weighty() }
            val asked = own.askToApprove(first)
            own.approve(second, asked).isRefused()
            own.approve(first, asked).status shouldBe 303 // a challenge meant for another request isn't spent by that
            own.approve(second, asked).isRefused()
            val late = own.askToApprove(second)
            broker.clock.move(Duration.ofMinutes(2))
            own.approve(second, late).isRefused()
            val other = PasskeyBrowser(broker.named(approver), own.device)
            other.browser.get("/approvals/$third")
            other.approve(third, own.askToApprove(third)).isRefused()
            listOf(second, third).forEach(::isPending)
        }

        test("an answer for signing in approves nothing, and one for approving signs nobody in") {
            val own = broker.withPasskey()
            val id = weighty()
            own.browser.get("/approvals/$id")
            val signingIn = own.askToSignIn()
            val ticket = own.browser.ticket!!.substringAfter('=')
            own.browser.post(
                "/approvals/$id/answer",
                "decision" to "approve",
                "credential" to own.device.get(signingIn.json),
                "ticket" to ticket,
            ).isRefused()
            val approving = own.askToApprove(id)
            val other = own.elsewhere()
            other.browser.ticket = "sesame-passkey=" + approving.json.text("ticket")
            other.signIn(asked = approving).status shouldBe 403
        }

        test("somebody else's passkey doesn't approve for this session") {
            val (mine, theirs) = List(2) { broker.withPasskey() }
            val id = weighty()
            PasskeyBrowser(mine.browser, theirs.device).let { it.approve(id, it.askToApprove(id)) }.isRefused()
            isPending(id)
        }

        test("a page that doesn't show the request's last change asks no passkey") {
            broker.withPasskey().askToApprove(weighty(), seen = 0).run {
                status shouldBe 409
                text shouldContain "Load the page anew"
            }
        }

        test("decided meanwhile: the page says who was first, and asks for nothing") {
            val own = broker.withPasskey()
            val id = weighty()
            val asked = own.askToApprove(id)
            val first = broker.approver().also { it.decide(id, "deny") }
            own.approve(id, asked).header("Location") shouldBe "/approvals/$id?late=1"
            own.browser.get("/approvals/$id?late=1").text shouldContain "${first.name} denied this"
            own.askToApprove(id).status shouldBe 409
        }

        test("without a passkey, or with one of another address, the typed word stays; below the risk a tap is enough") {
            val browser = broker.browser(broker.approver())
            val id = weighty()
            browser.get("/approvals/$id").text shouldContain "name=\"confirm\""
            browser.post("/approvals/$id/answer", "decision" to "approve", "confirm" to "approve").status shouldBe 303
            val own = broker.withPasskey()
            val light = requester.asked("risk_score" to 0.79)
            own.browser.get("/approvals/$light").text shouldNotContain "data-passkey"
            own.browser.post("/approvals/$light/answer", "decision" to "approve").status shouldBe 303
        }

        test("who runs the broker may leave it at the typed word") {
            ClockedBroker(config = BrokerConfig(stepUp = StepUpBy.TYPED)).use { typed ->
                val own = typed.withPasskey()
                val asking = typed.requester()
                val id = asking.asked("risk_score" to 0.9)
                own.browser.get("/approvals/$id").text shouldContain "name=\"confirm\""
                own.browser.post("/approvals/$id/answer", "decision" to "approve", "confirm" to "approve").status shouldBe 303
                asking.read(id).text("status") shouldBe "approved"
            }
        }
    })
