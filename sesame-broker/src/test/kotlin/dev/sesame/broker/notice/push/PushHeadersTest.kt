package dev.sesame.broker.notice.push

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeInRange
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain

/** What a push service reads of a message: how long to keep it, how urgent it is, and what it takes the place of. */
class PushHeadersTest :
    FunSpec({
        val broker = autoClose(PushBroker())
        autoClose(broker.service)

        fun PushedDevice.header(name: String) = received.last().headers[name]

        test("kept as long as the question is open, and 28 days at most") {
            val kim = broker.device()
            broker.requester().asked("expires_in" to 3_600)
            kim.await()
            kim.header("ttl")!!.toLong() shouldBeInRange 3_590L..3_600L
            broker.requester().asked("expires_in" to 2_592_000)
            kim.await(2)
            kim.header("ttl") shouldBe "${28 * 86_400}"
        }

        test("an expired question is told of for an hour still, quietly") {
            val kim = broker.device()
            broker.requester().asked("expires_in" to 60)
            kim.await()
            broker.clock.moveSeconds(61)
            kim.await(2).last().word("title") shouldBe "Decided: expired"
            (kim.header("ttl") to kim.header("urgency")) shouldBe ("3600" to "low")
        }

        test("urgent from the risk on from which a tap isn't enough") {
            val kim = broker.device()
            listOf(null to "normal", 0.79 to "normal", 0.8 to "high").forEachIndexed { at, (risk, urgency) ->
                broker.requester().asked("risk_score" to risk)
                kim.await(at + 1)
                kim.header("urgency") shouldBe urgency
            }
        }

        test("the topic is one for each request, and tells nothing of its id") {
            val kim = broker.device()
            val id = broker.requester().asked()
            kim.await()
            val topic = kim.header("topic")!!
            topic shouldMatch "[A-Za-z0-9_-]{32}"
            topic shouldNotContain id.drop(3)
            broker.requester().asked()
            kim.await(2)
            (kim.header("topic") == topic) shouldBe false
        }

        test("messages without detail are all of one length: it tells nothing") {
            val kim = broker.device()
            val id = broker.requester().asked("summary" to "a", "risk_score" to 0.9)
            kim.await()
            broker.requester().asked("summary" to "b".repeat(400))
            kim.await(2)
            broker.approver().approve(id)
            kim.await(3)
            kim.received.map { it.bytes.size }.distinct().size shouldBe 1
        }
    })
