package dev.sesame.broker.notice.telegram

import dev.sesame.broker.notice.telegram.BotApiServer.Refusal
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.longs.shouldBeGreaterThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import java.time.Duration
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean

/** What becomes of notices when Telegram is busy, refuses, fails, or there are too many. */
class SendingTest :
    FunSpec({
        val telegram = autoClose(BotApiServer())
        val broker = autoClose(TelegramBroker(telegram))
        afterTest { telegram.refuse = { null } }

        fun sends() = telegram.calls.filter { it.method == "sendMessage" || it.method == "editMessageText" }

        test("after a 429 nothing is sent before the time that it names, and then what was owed") {
            val kim = broker.linked()
            val first = AtomicBoolean(true)
            val before = sends().size
            telegram.refuse = { call ->
                if (call.method == "sendMessage" &&
                    first.getAndSet(false)
                ) {
                    Refusal(429, "Too Many Requests: retry after 2", retryAfter = 2)
                } else {
                    null
                }
            }
            val id = broker.requester().asked()
            telegram.await("it was refused") { broker.notices(id, kim).first().word("detail").orEmpty().startsWith("Too Many") }
            broker.clock.moveSeconds(2)
            telegram.awaitShown(kim.account)
            val (refused, sent) = sends().drop(before).take(2)
            TimeUnit.NANOSECONDS.toMillis(sent.at - refused.at) shouldBeGreaterThanOrEqual 1_990
            broker.awaitNotice(id, "asked", "sent", kim).let { it["attempt_count"].toString() shouldBe "1" }
        }

        test("a failure is tried again, and what was told is kept with the request") {
            val kim = broker.linked()
            val failing = AtomicBoolean(true)
            telegram.refuse = { call -> if (call.method == "sendMessage" && failing.get()) Refusal(502, "Bad Gateway") else null }
            val id = broker.requester().asked()
            telegram.await("it failed") { broker.notices(id, kim).any { it.word("detail") == "Bad Gateway" } }
            failing.set(false)
            telegram.shownIn(kim.account).shouldBeEmpty()
            broker.clock.moveSeconds(3)
            telegram.awaitShown(kim.account)
            broker.awaitNotice(id, "asked", "sent", kim).let { it["attempt_count"].toString() shouldBe "2" }
        }

        test("who blocked the bot delays nobody, and the request says why they weren't told") {
            val gone = broker.linked()
            val stuck = broker.linked()
            val kim = broker.linked()
            val release = CountDownLatch(1)
            telegram.refuse = { call ->
                when (call.number("chat_id")) {
                    gone.account -> Refusal(403, "Forbidden: bot was blocked by the user")
                    stuck.account -> null.also { release.await(20, TimeUnit.SECONDS) }
                    else -> null
                }
            }
            val id = broker.requester().asked()
            telegram.awaitShown(kim.account)
            broker.awaitNotice(id, "asked", "failed", gone).word("detail") shouldContain "blocked by the user"
            telegram.shownIn(stuck.account).shouldBeEmpty()
            release.countDown()
            telegram.awaitShown(stuck.account)
        }

        test("more than five for one person are one message, which names the first and how many more") {
            val kim = broker.linked()
            val requester = broker.requester()
            val hold = CountDownLatch(1)
            telegram.refuse = { call -> null.also { if (call.number("chat_id") == kim.account) hold.await(20, TimeUnit.SECONDS) } }
            val ids = List(40) { requester.asked("summary" to "refund number $it") }
            hold.countDown()
            telegram.await("they are told together") { telegram.shownIn(kim.account).any { "requests wait for your answer" in it.text } }
            telegram.await("nothing is owed") {
                ids.none { id ->
                    broker.notices(id, kim).any {
                        it.word("kind") == "asked" &&
                            it.word("state") == "pending"
                    }
                }
            }
            val shown = telegram.shownIn(kim.account)
            val together = shown.single { "requests wait for your answer" in it.text }
            (shown.size <= 6) shouldBe true
            Regex("/ap_[a-z2-7]{26}").findAll(together.ours).count() shouldBe 10
            together.ours shouldContain "more."
            together.labels.shouldBeEmpty()
            broker.awaitNotice(ids.last(), "asked", "sent", kim).word("detail") shouldContain "in one message with"
        }

        test("whoever hasn't answered is reminded at half time and when a tenth is left, once each; then never again") {
            val kim = broker.linked()
            val id = broker.requester().asked("expires_in" to 1_000)
            telegram.awaitShown(kim.account)
            broker.clock.moveSeconds(499)
            broker.awaitNotice(id, "asked", "sent", kim)
            broker.notices(id, kim).map { it.word("kind") to it.word("state") } shouldContainExactly
                listOf("asked" to "sent", "half_time" to "pending", "last_call" to "pending")
            broker.clock.moveSeconds(1)
            telegram.awaitShown(kim.account, count = 2).text shouldStartWith "⏳"
            broker.clock.moveSeconds(400)
            telegram.awaitShown(kim.account, count = 3).text shouldStartWith "⏰"
            telegram.press(kim.account, telegram.shownIn(kim.account)[1], "✅ Approve")
            telegram.await("all three say so") { telegram.shownIn(kim.account).count { it.text.startsWith("✅ Approved") } == 3 }
            telegram.shownIn(kim.account).size shouldBe 3
        }

        test("whoever has answered is not reminded") {
            val kim = broker.linked()
            val id = broker.requester().asked("expires_in" to 1_000)
            telegram.press(kim.account, telegram.awaitShown(kim.account), "⛔ Deny")
            broker.awaitNotice(id, "decided", "sent", kim)
            broker.clock.move(Duration.ofSeconds(950))
            broker.notices(id, kim).filter { it.word("kind") == "half_time" || it.word("kind") == "last_call" }.forEach {
                it.word("state") shouldBe
                    "dropped"
            }
            telegram.shownIn(kim.account).size shouldBe 1
        }

        test("a message that its reader deleted holds nothing up") {
            val kim = broker.linked()
            val id = broker.requester().asked()
            telegram.awaitShown(kim.account)
            telegram.messages.removeIf { it.chat == kim.account }
            broker.approver().approve(id)
            broker.awaitNotice(id, "decided", "sent", kim)
        }

        test("asking and telling go apart: while Telegram is silent, requests are opened and decided as ever") {
            val kim = broker.linked()
            val silent = CountDownLatch(1)
            telegram.refuse = { call -> null.also { if (call.method == "sendMessage") silent.await(30, TimeUnit.SECONDS) } }
            val began = System.nanoTime()
            val ids = List(20) { broker.requester().asked() }
            ids.forEach { broker.approver().approve(it) }
            20_000L shouldBeGreaterThan TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)
            silent.countDown()
            telegram.await("nothing is owed any more", seconds = 60) {
                ids.none { id -> broker.notices(id, kim).any { it.word("state") == "pending" } }
            }
        }
    })
