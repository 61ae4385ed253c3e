package dev.sesame.broker.notice.push

import dev.sesame.broker.delivery.Reply
import dev.sesame.broker.delivery.awaitThat
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.time.Duration
import java.time.Instant
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/** The whole way: turned on, asked, received and decrypted, opened, decided, and said so. */
class PushWayTest :
    FunSpec({
        val broker = autoClose(PushBroker())
        autoClose(broker.service)

        test("asked: the device is told that a request waits, and not what it is about; the link opens it") {
            val kim = broker.device()
            val id = broker.requester().asked("summary" to "Pay the secret invoice", "action" to "secret.pay")
            val message = kim.await().single()
            message.word("title") shouldBe "A request waits for you"
            message.word("approval") shouldBe id
            message.word("tag") shouldBe id
            message.word("quiet") shouldBe "false"
            "$message" shouldNotContain "secret"
            kim.browser.get("/approvals/$id").text shouldContain "Pay the secret invoice"
            broker.awaitNotice(id, "asked", "sent", kim.approver).let {
                it.word("channel") shouldBe "push"
                "$it" shouldNotContain "/push/"
            }
        }

        test("each push is signed by the key that the page subscribes with, for this push service, and for less than a day") {
            val kim = broker.device()
            broker.requester().asked()
            kim.await()
            val vapid = Vapid(kim.received.single())
            kim.browser.get("/devices").text shouldContain """data-push="${vapid.key}""""
            vapid.audience shouldBe broker.serviceUrl
            vapid.subject shouldBe PushBroker.CONTACT
            val left = Duration.between(Instant.now(), vapid.expiresAt)
            (left > Duration.ofHours(1) && left <= Duration.ofHours(24)) shouldBe true
            kim.received.single().headers["content-encoding"] shouldBe "aes128gcm"
            kim.received.single().headers["content-type"] shouldBe "application/octet-stream"
        }

        test("reminders take the place of the question, and the decision the place of those, without a sound") {
            val kim = broker.device()
            val id = broker.requester().asked("expires_in" to 1_000)
            kim.await()
            broker.clock.moveSeconds(500)
            kim.await(2).last().word("title") shouldBe "A request still waits for you: half of its time is over"
            broker.clock.moveSeconds(400)
            kim.await(3).last().word("title") shouldBe "A request expires soon, and waits for you"
            broker.approver().approve(id)
            val all = kim.await(4)
            all.last().word("title") shouldBe "Decided: approved"
            all.map { it.word("tag") }.distinct() shouldContainExactly listOf(id)
            all.map { it.word("quiet") } shouldContainExactly listOf("false", "false", "false", "true")
            kim.received.map { it.headers["topic"] }.distinct().size shouldBe 1
        }

        test("what was decided before the device could be told tells it nothing") {
            val kim = broker.device()
            val before = broker.requester().asked()
            kim.await()
            val late = broker.device(kim.approver)
            broker.approver().approve(before)
            kim.await(2)
            broker.awaitNotice(before, "decided", "sent", kim.approver)
            late.received.shouldBeEmpty()
        }

        test("many at once are one message, which opens the list") {
            val kim = broker.device()
            val gate = CountDownLatch(1)
            broker.service.answer = { got ->
                if (got.path == kim.agent.path) gate.await(20, TimeUnit.SECONDS)
                Reply(201)
            }
            val requester = broker.requester()
            val ids = List(12) { requester.asked("summary" to "request $it") }
            gate.countDown()
            broker.service.answer = { Reply(201) }
            broker.awaitNotice(ids.last(), "asked", "sent", kim.approver)
            awaitThat("all are sent") {
                ids.all { id -> broker.notices(id, kim.approver).any { it.word("kind") == "asked" && it.word("state") == "sent" } }
            }
            val together = kim.await().single { "requests wait for you" in it.word("title")!! }
            together.word("approval") shouldBe null
            together.word("tag") shouldBe "inbox"
            broker.awaitNotice(ids.last(), "asked", "sent", kim.approver).word("detail") shouldContain "in one message with"
            broker.approver().approve(ids.last())
            broker.awaitNotice(ids.last(), "decided", "dropped", kim.approver).word("detail") shouldBe "no notification to replace"
        }

        test("every device of a person is told; the list of approvers names the channel once") {
            val kim = broker.device()
            val phone = broker.device(kim.approver)
            broker.requester().asked()
            listOf(kim, phone).forEach { it.await() }
            val channels = broker.admin.get("/v1/admin/approvers").list("approvers").single { it.word("id") == kim.approver.id }["channels"]
            channels.toString() shouldBe """["push"]"""
        }

        test("where the operator allows it, a notification says what it is about") {
            PushBroker(PushConfig(contact = PushBroker.CONTACT, allow = "127.0.0.0/8", showsDetail = true)).use { open ->
                val kim = open.device()
                open.requester().asked("summary" to "Refund 42 € to Ana", "action" to "payments.refund")
                kim.await().single().word("body") shouldBe "Refund 42 € to Ana\npayments.refund"
                open.service.close()
            }
        }

        test("requests of test mode reach no device") {
            val kim = broker.device()
            broker.testing().asked()
            val id = broker.requester().asked()
            kim.await().map { it.word("approval") } shouldContainExactly listOf(id)
        }
    })
