package dev.sesame.broker.notice.push

import dev.sesame.broker.delivery.Reply
import dev.sesame.broker.delivery.awaitThat
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

/** What each kind of answer of a push service means for the notice, and for the device. */
class PushAnswersTest :
    FunSpec({
        val broker = autoClose(PushBroker())
        autoClose(broker.service)
        afterTest { broker.service.answer = { Reply(201) } }

        fun answering(device: PushedDevice, reply: Reply) {
            broker.service.answer = { if (it.path == device.agent.path) reply else Reply(201) }
        }

        fun channelsOf(device: PushedDevice) =
            "${broker.admin.get("/v1/admin/approvers").list("approvers").single { it.word("id") == device.approver.id }["channels"]}"

        listOf(200, 201, 202, 204).forEach { status ->
            test("$status: the push service took it, and it isn't sent again") {
                val kim = broker.device()
                answering(kim, Reply(status))
                val id = broker.requester().asked()
                broker.awaitNotice(id, "asked", "sent", kim.approver)
                broker.clock.moveSeconds(600)
                kim.received.size shouldBe 1
            }
        }

        listOf(400, 401, 403, 404, 410).forEach { status ->
            test("$status ends the device: nothing is sent to it any more, and its person sees why") {
                val kim = broker.device()
                answering(kim, Reply(status))
                val id = broker.requester().asked("expires_in" to 1_000)
                broker.awaitNotice(id, "asked", "failed", kim.approver).word("detail") shouldContain "answered $status"
                channelsOf(kim) shouldBe "[]"
                kim.browser.get("/devices").text.let {
                    it shouldContain "the push service answered $status"
                    it shouldContain "Remove"
                    it shouldNotContain "/test"
                }
                broker.clock.moveSeconds(901)
                broker.awaitNotice(id, "half_time", "dropped", kim.approver).word("detail") shouldBe "unlinked"
                val next = broker.requester().asked()
                broker.notices(next, kim.approver).shouldBeEmpty()
                kim.received.size shouldBe 1
            }
        }

        test("413 is a fault of ours: the notice is given up, the device is kept") {
            val kim = broker.device()
            answering(kim, Reply(413))
            val id = broker.requester().asked()
            broker.awaitNotice(id, "asked", "failed", kim.approver).word("detail") shouldContain "fault of the broker"
            broker.service.answer = { Reply(201) }
            broker.requester().asked()
            kim.await(2)
            channelsOf(kim) shouldBe """["push"]"""
        }

        listOf(408, 429, 500, 503, 302).forEach { status ->
            test("$status: tried again at its time, and the device is kept") {
                val kim = broker.device()
                answering(kim, Reply(status))
                val id = broker.requester().asked()
                awaitThat("it failed") { broker.notices(id, kim.approver).any { it.word("detail")?.contains("answered $status") == true } }
                broker.service.answer = { Reply(201) }
                broker.clock.moveSeconds(3)
                broker.awaitNotice(id, "asked", "sent", kim.approver).word("attempt_count") shouldBe "2"
            }
        }

        listOf(429, 503).forEach { status ->
            test("$status with Retry-After: this device waits as long as it was asked to, and no other does") {
                val kim = broker.device()
                val ada = broker.device()
                answering(kim, Reply(status, headers = mapOf("Retry-After" to "120")))
                val id = broker.requester().asked()
                awaitThat("it failed") { broker.notices(id, kim.approver).any { it.word("detail")?.contains("answered $status") == true } }
                broker.awaitNotice(id, "asked", "sent", ada.approver)
                val next = broker.requester().asked()
                broker.awaitNotice(next, "asked", "sent", ada.approver)
                awaitThat("the next one waits, too") {
                    broker.notices(next, kim.approver).single {
                        it.word("kind") == "asked"
                    }.run { word("next_at")!! > word("created_at")!! }
                }
                broker.service.answer = { Reply(201) }
                broker.clock.moveSeconds(119)
                withClue("119 s later") {
                    broker.notices(id, kim.approver).single { it.word("kind") == "asked" }.word("state") shouldBe
                        "pending"
                }
                broker.clock.moveSeconds(26)
                broker.awaitNotice(id, "asked", "sent", kim.approver)
            }
        }

        test("a push service that nobody reaches: tried again, and the reason names no address of the device") {
            val gone = broker.device(agent = UserAgent.at("http://127.0.0.1:1025"))
            val id = broker.requester().asked()
            awaitThat("it failed") { broker.notices(id, gone.approver).any { it.word("attempt_count") == "1" } }
            val notice = broker.notices(id, gone.approver).single { it.word("kind") == "asked" }
            (notice.word("state") to notice.word("detail")) shouldBe ("pending" to "no connection: refused, or unreachable")
        }

        test("metrics count what became of notices, by channel") {
            val text = broker.nobody.get("/metrics").text
            listOf("sent", "failed", "pending").forEach { state ->
                val line = text.lines().single { it.startsWith("sesame_notices_total{channel=\"push\",then=\"$state\"}") }
                (line.substringAfterLast(' ').toDouble() > 0) shouldBe true
            }
        }
    })
