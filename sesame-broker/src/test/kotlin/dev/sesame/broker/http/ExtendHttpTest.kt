package dev.sesame.broker.http

import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.TestBroker
import dev.sesame.broker.json
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import java.time.Duration
import java.time.Instant

class ExtendHttpTest :
    FunSpec({
        test("it lives on until the new expiry, and ends there") {
            ClockedBroker().use { broker ->
                val (requester, approver) = broker.requester() to broker.approver()
                val id = requester.asked("expires_in" to 10)
                broker.clock.moveSeconds(9)
                val extended = approver.http.post("/v1/approvals/$id/extend", "expires_in" to 60)
                extended.status shouldBe 200
                Instant.parse(extended.text("expires_at")) shouldBe broker.clock.instant().plusSeconds(60)
                broker.clock.moveSeconds(59)
                requester.read(id).text("status") shouldBe "pending"
                broker.clock.moveSeconds(1)
                requester.read(id).text("status") shouldBe "expired"
                approver.http.post("/v1/approvals/$id/extend", "expires_in" to 60) shouldBeRefusedWith (409 to "already_decided")
            }
        }

        test("no further than a week after it was asked, where nothing else is set, and never back") {
            ClockedBroker().use { broker ->
                val approver = broker.approver()
                val id = broker.requester().asked()
                val week = Duration.ofDays(7).seconds
                listOf(week + 1, 60).forEach {
                    val refused = approver.http.post("/v1/approvals/$id/extend", "expires_in" to it)
                    refused shouldBeRefusedWith (422 to "invalid")
                    refused.wrongFields shouldContainExactly listOf("expires_in")
                }
                approver.http.post("/v1/approvals/$id/extend", "expires_in" to week).status shouldBe 200
                broker.clock.moveSeconds(1)
                approver.http.post("/v1/approvals/$id/extend", "expires_in" to week).wrongFields shouldContainExactly listOf("expires_in")
            }
        }

        test("only people extend, and only what is theirs to decide") {
            val broker = autoClose(TestBroker())
            val requester = broker.requester()
            val id = requester.asked()
            requester.http.post("/v1/approvals/$id/extend", "expires_in" to 100_000) shouldBeRefusedWith (403 to "forbidden")
            broker.nobody.post("/v1/approvals/$id/extend", "expires_in" to 100_000) shouldBeRefusedWith (401 to "unauthorized")
            broker.approver().http.post("/v1/approvals/${broker.testing().asked()}/extend", "expires_in" to 100_000) shouldBeRefusedWith
                (404 to "not_found")
            broker.approver().http.post("/v1/approvals/ap_none/extend", "expires_in" to 100_000) shouldBeRefusedWith (404 to "not_found")
            broker.approver().http.postText(
                "/v1/approvals/$id/extend",
                "${json("expires_in" to 100_000, "note" to "x")}",
            ).wrongFields shouldContainExactly
                listOf("note")
        }
    })
