package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.ClockedBroker
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import java.time.Instant

class ClaimHttpTest :
    FunSpec({
        val broker = autoClose(ClockedBroker())
        val requester = broker.requester()

        fun leaseSeconds(until: String?) = Instant.parse(until).epochSecond - broker.clock.instant().epochSecond

        test("a claim answers a token, how long it holds, and the document that says so") {
            val approved = Approved(broker, requester)
            val answer = approved.claim().shouldBeOk()
            answer.json.keys shouldBe setOf("claim_token", "lease_until", "approval")
            leaseSeconds(answer.text("lease_until")) shouldBe 60
            answer.text("approval.execution.state") shouldBe "claimed"
            answer.at("approval") shouldBe requester.read(approved.id).json
        }

        test("the lease is as long as asked, from 10 s to 300 s") {
            listOf(10, 300).forEach {
                leaseSeconds(Approved(broker, requester).claim(claimant(), "lease_seconds" to it).text("lease_until")) shouldBe
                    it
            }
            val approved = Approved(broker, requester)
            listOf(9, 301, -1).forEach {
                val answer = approved.claim(claimant(), "lease_seconds" to it)
                answer shouldBeRefusedWith (422 to "invalid")
                answer.wrongFields shouldContainExactly listOf("lease_seconds")
            }
        }

        test("the same claimant again gets the same token and a longer lease, never a shorter one") {
            val approved = Approved(broker, requester)
            val mine = claimant()
            val first = approved.claim(mine, "lease_seconds" to 60)
            broker.clock.moveSeconds(20)
            val second = approved.claim(mine, "lease_seconds" to 60)
            second.text("claim_token") shouldBe first.text("claim_token")
            leaseSeconds(second.text("lease_until")) shouldBe 60
            approved.claim(mine, "lease_seconds" to 10).text("lease_until") shouldBe second.text("lease_until")
        }

        test("meanwhile others are told that it is claimed already") {
            val approved = Approved(broker, requester)
            approved.claimed()
            val other = approved.claim()
            other shouldBeRefusedWith (409 to "already_claimed")
            other.text("approval.execution.state") shouldBe "claimed"
            approved.claim(claimant(), "after_unknown" to true) shouldBeRefusedWith (409 to "already_claimed")
        }

        test("of many claimants at once exactly one gets it") {
            val approved = Approved(broker, requester)
            val answers = coroutineScope { List(16) { async(Dispatchers.IO) { approved.claim() } }.awaitAll() }
            answers.count { it.status == 200 } shouldBe 1
            answers.filter { it.status != 200 }.forEach { it shouldBeRefusedWith (409 to "already_claimed") }
        }

        test("nothing but an approved request can be claimed") {
            val approver = broker.approver()
            val pending = requester.ask("expires_in" to 10)
            val denied = requester.ask().also { approver.decide(it.text("approval_id")!!, "deny") }
            val cancelled = requester.ask().also { requester.http.post("/v1/approvals/${it.text("approval_id")}/cancel") }
            fun claim(of: Answer) = requester.http.post(
                "/v1/approvals/${of.text("approval_id")}/claim",
                "claimant" to claimant(),
                "context_hash" to of.text("context_hash"),
            )
            listOf(pending, denied, cancelled).forEach { claim(it) shouldBeRefusedWith (409 to "not_approved") }
            broker.clock.moveSeconds(10)
            val expired = claim(pending)
            expired shouldBeRefusedWith (409 to "not_approved")
            expired.text("approval.status") shouldBe "expired"
        }

        test("another hash than that of what was approved is refused, and claims nothing") {
            val approved = Approved(broker, requester)
            listOf("sha256:" + "0".repeat(64), "nonsense").forEach {
                approved.claim(claimant(), "context_hash" to it) shouldBeRefusedWith (409 to "context_mismatch")
            }
            approved.state() shouldBe null
            approved.claimed()
        }

        test("after its validity an approval can't be claimed; a claim taken in time goes on") {
            val inTime = Approved(broker, requester, "valid_for" to 60)
            val tooLate = Approved(broker, requester, "valid_for" to 60)
            broker.clock.moveSeconds(59)
            val mine = claimant()
            val token = inTime.claimed(mine)
            broker.clock.moveSeconds(1)
            tooLate.claim() shouldBeRefusedWith (409 to "approval_lapsed")
            inTime.claimed(mine) shouldBe token
            inTime.report(token, "succeeded").shouldBeOk()
        }

        test("a lease that lapsed without an outcome is unknown for everybody, the same claimant included") {
            val approved = Approved(broker, requester)
            val mine = claimant()
            approved.claimed(mine, "lease_seconds" to 10)
            broker.clock.moveSeconds(9)
            approved.state() shouldBe "claimed"
            broker.clock.moveSeconds(1)
            approved.state() shouldBe "unknown"
            listOf(mine, claimant()).forEach { approved.claim(it) shouldBeRefusedWith (409 to "outcome_unknown") }
            approved.claim(mine, "after_unknown" to false) shouldBeRefusedWith (409 to "outcome_unknown")
        }

        test("after_unknown takes it anew, with another token, and voids the old one") {
            val approved = Approved(broker, requester)
            val mine = claimant()
            val old = approved.claimed(mine, "lease_seconds" to 10)
            broker.clock.moveSeconds(10)
            val new = approved.claimed(mine, "after_unknown" to true)
            new shouldNotBe old
            approved.report(old, "succeeded") shouldBeRefusedWith (409 to "claim_lost")
            approved.state() shouldBe "claimed"
            approved.report(new, "succeeded").shouldBeOk()
        }

        test("a claimant is 22 to 64 characters of its alphabet, and required like the hash") {
            val approved = Approved(broker, requester)
            listOf("x".repeat(21), "x".repeat(65), "x".repeat(21) + "+", "x".repeat(21) + "é", "x".repeat(21) + "\n", "", 7, null).forEach {
                val answer = approved.claim("", "claimant" to it)
                answer shouldBeRefusedWith (422 to "invalid")
                answer.wrongFields shouldContainExactly listOf("claimant")
            }
            approved.claim(claimant(), "context_hash" to null).wrongFields shouldContainExactly listOf("context_hash")
            approved.claim(claimant(), "after_unknown" to "yes").wrongFields shouldContainExactly listOf("after_unknown")
            approved.claim(claimant(), "lease" to 60).wrongFields shouldContainExactly listOf("lease")
            listOf("x".repeat(22), "-_".repeat(32)).forEach { Approved(broker, requester).claimed(it) }
        }

        test("an approver claims nothing, not even an admin: 403") {
            val approved = Approved(broker, requester)
            listOf(broker.admin, broker.approver().http).forEach {
                it.post("/v1/approvals/${approved.id}/claim", "claimant" to claimant(), "context_hash" to approved.hash) shouldBeRefusedWith
                    (403 to "forbidden")
            }
        }
    })
