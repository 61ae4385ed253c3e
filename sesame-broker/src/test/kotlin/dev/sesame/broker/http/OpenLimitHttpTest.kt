package dev.sesame.broker.http

import dev.sesame.broker.Limits
import dev.sesame.broker.TestBroker
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe

class OpenLimitHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker(limits = Limits(openRequests = 3)))

        test("beyond its open requests a requester is told to come back, until one is decided") {
            val requester = broker.requester()
            val open = List(3) { requester.asked("dedup_key" to "key $it") }
            val refused = requester.ask()
            (refused.status to refused.text("code")) shouldBe (429 to "rate_limited")
            refused.header("Retry-After")!!.toInt() shouldBeGreaterThan 0
            requester.ask("dedup_key" to "key 0").status shouldBe 200
            broker.requester().ask().status shouldBe 201

            broker.approver().approve(open[0])
            requester.ask().status shouldBe 201
            requester.ask().status shouldBe 429
        }
    })
