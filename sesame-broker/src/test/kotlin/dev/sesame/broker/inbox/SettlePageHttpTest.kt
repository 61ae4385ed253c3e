package dev.sesame.broker.inbox

import dev.sesame.broker.Browser
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.browser
import dev.sesame.broker.http.Approved
import dev.sesame.broker.http.shouldBeOk
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class SettlePageHttpTest :
    FunSpec({
        val broker = autoClose(ClockedBroker())
        val requester = broker.requester()
        val boss = broker.approver("admin")
        val admin = broker.browser(boss)
        val plain = broker.browser(broker.approver())
        fun approved() = Approved(broker, requester)
        fun unknown() = approved().also { it.report(it.claimed(), "unknown").shouldBeOk() }

        fun Browser.settle(id: String, step: String, vararg fields: Pair<String, String>) =
            get("/approvals/$id").hidden("seen").let { post("/approvals/$id/$step", "seen" to it, *fields) }

        test("the page and the list say how the run stands, in words") {
            val run = approved()
            fun says(words: String, brief: String, show: String = "approved") {
                plain.get("/approvals/${run.id}").shouldBeOk().text shouldContain words
                plain.get("/inbox?show=$show&text=${run.id}").text shouldContain brief
            }
            says("Not started yet", "not started yet")
            val token = run.claimed()
            says("Started, and running", "running, until")
            broker.clock.moveSeconds(61)
            says("Started, and not heard of since: nobody knows whether it ran", "nobody knows whether it ran", "unknown")
            run.report(token, "failed").shouldBeOk()
            says("It was started and failed", "failed, did nothing")
            run.report(run.claimed(), "succeeded").shouldBeOk()
            says("It ran and succeeded", "ran")
            plain.get("/inbox?show=unknown").text shouldNotContain run.id
        }

        test("an admin says what happened, after the page has said what that does; the story says who did") {
            listOf("succeeded" to "it never runs again", "failed" to "it may be run again").forEach { (outcome, means) ->
                val run = unknown()
                val shown = admin.settle(run.id, "settle", "outcome" to outcome, "detail" to "seen in the log").shouldBeOk()
                listOf(means, "seen in the log").forEach { shown.text shouldContain it }
                run.state() shouldBe "unknown"
                val fields = listOf("seen", "outcome", "detail").map { it to shown.hidden(it) }.toTypedArray()
                repeat(2) { admin.post("/approvals/${run.id}/settle/confirmed", *fields).status shouldBe 303 }
                requester.read(run.id).run { text("execution.state") to text("execution.detail") } shouldBe (outcome to "seen in the log")
                plain.get("/approvals/${run.id}").text shouldContain "${boss.name} looked, and says"
            }
        }

        test("nobody but an admin finds the form, or settles by any other way") {
            val run = unknown()
            plain.get("/approvals/${run.id}").text.let {
                it shouldContain "An admin can say what happened"
                it shouldNotContain "id=\"settle\""
            }
            plain.get("/inbox").text shouldNotContain "show=unknown\""
            admin.get("/inbox").text shouldContain "show=unknown\""
            listOf("settle", "settle/confirmed").forEach {
                plain.post("/approvals/${run.id}/$it", "outcome" to "failed", "seen" to "4").status shouldBe 403
            }
            admin.settle(run.id, "settle/confirmed", "outcome" to "failed", "form" to "x").status shouldBe 403
            run.state() shouldBe "unknown"
        }

        test("what can't be taken comes back with what was typed, and changes nothing") {
            val run = unknown()
            listOf(
                arrayOf("detail" to "kept") to "Say what you found",
                arrayOf("outcome" to "unknown", "detail" to "kept") to "Say what you found",
                arrayOf("outcome" to "failed", "detail" to "kept" + "x".repeat(1_000)) to "at most 1000 characters",
                arrayOf("outcome" to "failed", "detail" to "kept", "seen" to "1") to "has changed since you looked",
            ).forEach { (fields, words) ->
                listOf("settle", "settle/confirmed").forEach { step ->
                    withClue("$step $words") {
                        val seen = if (fields.any { it.first == "seen" }) {
                            emptyArray()
                        } else {
                            arrayOf("seen" to admin.get("/approvals/${run.id}").hidden("seen"))
                        }
                        val answer = admin.post("/approvals/${run.id}/$step", *fields, *seen)
                        answer.status shouldBe 422
                        listOf(words, "kept", "Nothing was changed").forEach { answer.text shouldContain it }
                        run.state() shouldBe "unknown"
                    }
                }
            }
        }

        test("what is said of one run isn't taken for a later one, nor against its own word") {
            val run = approved()
            run.claimed()
            broker.clock.moveSeconds(61)
            val shown = admin.settle(run.id, "settle", "outcome" to "failed")
            val fields = listOf("seen", "outcome", "detail").map { it to shown.hidden(it) }.toTypedArray()
            val later = run.claimed(fields = arrayOf("after_unknown" to true))
            broker.clock.moveSeconds(61)
            run.state() shouldBe "unknown"
            admin.post("/approvals/${run.id}/settle/confirmed", *fields).status shouldBe 422
            run.state() shouldBe "unknown"
            run.report(later, "succeeded").shouldBeOk()
            admin.post("/approvals/${run.id}/settle/confirmed", *fields).run {
                status shouldBe 422
                text shouldContain "has changed since you looked"
            }
            run.state() shouldBe "succeeded"
        }
    })
