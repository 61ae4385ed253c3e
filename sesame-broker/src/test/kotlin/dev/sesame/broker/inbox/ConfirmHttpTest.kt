package dev.sesame.broker.inbox

import dev.sesame.broker.TestBroker
import dev.sesame.broker.browser
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class ConfirmHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val browser = broker.browser(broker.approver())

        fun confirms(id: String): Boolean = "name=\"confirm\"" in browser.get("/approvals/$id").text

        test("from a risk of 0.8 on, approving takes a typed word, which the broker checks") {
            val id = requester.asked("risk_score" to 0.8)
            confirms(id) shouldBe true
            listOf(emptyList(), listOf("confirm" to ""), listOf("confirm" to "yes")).forEach { typed ->
                val answer = browser.post("/approvals/$id/answer", "decision" to "approve", "note" to "kept", *typed.toTypedArray())
                withClue(typed) {
                    answer.status shouldBe 422
                    listOf("Type approve", "kept").forEach { answer.text shouldContain it }
                }
            }
            requester.read(id).text("status") shouldBe "pending"
            browser.post("/approvals/$id/answer", "decision" to "approve", "confirm" to " Approve ").status shouldBe 303
            requester.read(id).text("status") shouldBe "approved"
        }

        test("denying takes no word, and neither does a lower risk or none") {
            val high = requester.asked("risk_score" to 1)
            confirms(high) shouldBe true
            browser.post("/approvals/$high/answer", "decision" to "deny").status shouldBe 303
            requester.read(high).text("status") shouldBe "denied"
            listOf(arrayOf("risk_score" to 0.79), emptyArray<Pair<String, Any?>>()).forEach { risk ->
                val id = requester.asked(*risk)
                confirms(id) shouldBe false
                browser.post("/approvals/$id/answer", "decision" to "approve").status shouldBe 303
                requester.read(id).text("status") shouldBe "approved"
            }
        }

        test("who runs the broker says from which risk on") {
            TestBroker(confirmRisk = 0.3).use { strict ->
                val asking = strict.requester()
                val reader = strict.browser(strict.approver())
                val id = asking.asked("risk_score" to 0.3)
                reader.get("/approvals/$id")
                reader.post("/approvals/$id/answer", "decision" to "approve").status shouldBe 422
                asking.read(id).text("status") shouldBe "pending"
            }
        }
    })
