package dev.sesame.broker.inbox

import dev.sesame.broker.Answer
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.access.passkey.text
import dev.sesame.broker.http.shouldBeOk
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonNull

/** A passkey that signs for one edit approves that one, and no other. */
class EditStepUpHttpTest :
    FunSpec({
        val broker = autoClose(ClockedBroker())
        val requester = broker.requester()
        val own = broker.withPasskey()
        val browser = own.browser

        fun weighty() = requester.asked("risk_score" to 0.9, "context" to mapOf("cents" to 4_200), "editable" to listOf("cents"))

        fun ask(id: String, shown: Answer): Answer = browser.post("/approvals/$id/edit/options", *carried(shown))

        fun approve(id: String, shown: Answer, asked: Answer): Answer =
            browser.approveEdit(id, shown, "credential" to own.device.get(asked.json), "ticket" to asked.json.text("ticket"))

        fun Answer.isRefused() = withClue(this) {
            status shouldBe 422
            text shouldContain "takes your passkey"
        }

        test("an edit of a weighty request is approved by the passkey that signed for it") {
            val id = weighty()
            val shown = browser.look(id, "2100").shouldBeOk()
            shown.text shouldContain "data-passkey=\"approve\""
            browser.approveEdit(id, shown).isRefused()
            browser.approveEdit(id, shown, "confirm" to "approve").isRefused()
            approve(id, shown, ask(id, shown).shouldBeOk()).status shouldBe 303
            requester.read(id).at("decision.edited_context.cents").toString() shouldBe "2100"
        }

        test("signed for one edit, it approves neither another nor what was asked, nor the other way about") {
            val id = weighty()
            val (small, large) = browser.look(id, "1") to browser.look(id, "999999")
            approve(id, large, ask(id, small)).isRefused()
            val asked = ask(id, small)
            browser.get("/approvals/$id")
            own.approve(id, asked).isRefused()
            approve(id, small, own.askToApprove(id)).isRefused()
            requester.read(id).text("status") shouldBe "pending"
            own.approve(id, own.askToApprove(id)).status shouldBe 303
            requester.read(id).at("decision.edited_context") shouldBe JsonNull
        }

        test("no passkey is asked for an edit that couldn't be approved, or from a page that is older than the request") {
            val id = weighty()
            val shown = browser.look(id, "1")
            fun options(name: String, value: String) = browser.post(
                "/approvals/$id/edit/options",
                *carried(shown).map {
                    if (it.first ==
                        name
                    ) {
                        name to value
                    } else {
                        it
                    }
                }.toTypedArray(),
            )
            options("changed", """{"other":1}""").status shouldBe 422
            options("changed", """{"cents":"1"}""").status shouldBe 422
            options("seen", "0").status shouldBe 409
        }
    })
