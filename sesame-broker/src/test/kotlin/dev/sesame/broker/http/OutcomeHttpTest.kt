package dev.sesame.broker.http

import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.Http
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe

class OutcomeHttpTest :
    FunSpec({
        val broker = autoClose(ClockedBroker())
        val requester = broker.requester()

        fun settle(by: Http, approved: Approved, outcome: String) = by.post("/v1/approvals/${approved.id}/outcome", "outcome" to outcome)

        test("a reported outcome is in the document, with what was said about it") {
            listOf("succeeded", "failed", "unknown").forEach { outcome ->
                val approved = Approved(broker, requester)
                val answer = approved.report(approved.claimed(), outcome, "detail" to "refund 17").shouldBeOk()
                (answer.text("execution.state") to answer.text("execution.detail")) shouldBe (outcome to "refund 17")
                answer.text("execution.ended_at") shouldBe "${broker.clock.instant()}"
                requester.read(approved.id).json shouldBe answer.json
            }
        }

        test("the same report again is 200 and changes nothing") {
            listOf("succeeded", "failed", "unknown").forEach { outcome ->
                val approved = Approved(broker, requester)
                val token = approved.claimed()
                val first = approved.report(token, outcome, "detail" to "first")
                broker.clock.moveSeconds(1)
                val again = approved.report(token, outcome, "detail" to "first").shouldBeOk()
                again.json shouldBe first.json
            }
        }

        test("after success it can neither be reported otherwise nor claimed again") {
            val approved = Approved(broker, requester)
            val mine = claimant()
            val token = approved.claimed(mine)
            approved.report(token, "succeeded").shouldBeOk()
            listOf("failed", "unknown").forEach { approved.report(token, it) shouldBeRefusedWith (409 to "already_executed") }
            approved.claim(mine) shouldBeRefusedWith (409 to "already_executed")
            approved.claim(claimant(), "after_unknown" to true) shouldBeRefusedWith (409 to "already_executed")
            approved.state() shouldBe "succeeded"
        }

        test("what failed did nothing: it may be claimed again, and the old token is void then") {
            val approved = Approved(broker, requester)
            val mine = claimant()
            val first = approved.claimed(mine)
            approved.report(first, "failed").shouldBeOk()
            approved.claim(mine) shouldBeRefusedWith (409 to "claim_lost") // its own older request, come late
            val second = approved.claimed()
            second shouldNotBe first
            approved.report(first, "succeeded") shouldBeRefusedWith (409 to "claim_lost")
            approved.report(second, "succeeded").shouldBeOk()
        }

        test("what failed can't be claimed again after the validity") {
            val approved = Approved(broker, requester, "valid_for" to 60)
            approved.report(approved.claimed(), "failed").shouldBeOk()
            broker.clock.moveSeconds(60)
            approved.claim() shouldBeRefusedWith (409 to "approval_lapsed")
        }

        test("a reported unknown is claimed only by who says so") {
            val approved = Approved(broker, requester)
            approved.report(approved.claimed(), "unknown").shouldBeOk()
            approved.claim() shouldBeRefusedWith (409 to "outcome_unknown")
            approved.claimed(claimant(), "after_unknown" to true)
        }

        test("a late outcome with the present token still counts") {
            val approved = Approved(broker, requester)
            val token = approved.claimed(claimant(), "lease_seconds" to 10)
            broker.clock.moveSeconds(3_600)
            approved.report(token, "succeeded").shouldBeOk()
            approved.state() shouldBe "succeeded"
        }

        test("a made-up token and that of another approval are claim_lost, and change nothing") {
            val approved = Approved(broker, requester)
            val other = Approved(broker, requester)
            val same = claimant()
            approved.claimed(same)
            val foreign = other.claimed(same)
            listOf("ct_" + "A".repeat(43), "nonsense", foreign, "ct_é").forEach {
                approved.report(it, "succeeded") shouldBeRefusedWith (409 to "claim_lost")
            }
            approved.state() shouldBe "claimed"
            Approved(broker, requester).report(foreign, "succeeded") shouldBeRefusedWith (409 to "claim_lost")
        }

        test("a requester says nothing without a token, nor another word than the three") {
            val approved = Approved(broker, requester)
            val token = approved.claimed()
            mapOf(
                approved.report(null, "succeeded") to "claim_token",
                approved.report("", "succeeded") to "claim_token",
                approved.report("x".repeat(101), "succeeded") to "claim_token",
                approved.report(token, "claimed") to "outcome",
                approved.report(token, "") to "outcome",
                approved.report(token, "failed", "detail" to "x".repeat(1_001)) to "detail",
                approved.report(token, "failed", "result" to "x") to "result",
            ).forEach { (answer, field) ->
                answer shouldBeRefusedWith (422 to "invalid")
                answer.wrongFields shouldContainExactly listOf(field)
            }
            approved.state() shouldBe "claimed"
        }

        test("an admin settles what is unknown, and again is 200") {
            listOf("succeeded", "failed").forEach { outcome ->
                val approved = Approved(broker, requester)
                approved.claimed(claimant(), "lease_seconds" to 10)
                broker.clock.moveSeconds(10)
                settle(broker.admin, approved, outcome).shouldBeOk().text("execution.state") shouldBe outcome
                settle(broker.admin, approved, outcome).shouldBeOk()
            }
        }

        test("what an admin settled as failed may be claimed again; as succeeded never") {
            val failed = Approved(broker, requester)
            val succeeded = Approved(broker, requester)
            listOf(failed, succeeded).forEach { it.report(it.claimed(), "unknown").shouldBeOk() }
            settle(broker.admin, failed, "failed").shouldBeOk()
            settle(broker.admin, succeeded, "succeeded").shouldBeOk()
            failed.claimed()
            succeeded.claim(claimant(), "after_unknown" to true) shouldBeRefusedWith (409 to "already_executed")
        }

        test("an admin doesn't overrule a run that goes on, one that succeeded, or what nobody claimed") {
            val approved = Approved(broker, requester)
            settle(broker.admin, approved, "succeeded").status shouldBe 409
            approved.state() shouldBe null
            val token = approved.claimed()
            settle(broker.admin, approved, "succeeded").status shouldBe 409
            approved.state() shouldBe "claimed"
            approved.report(token, "succeeded").shouldBeOk()
            settle(broker.admin, approved, "failed") shouldBeRefusedWith (409 to "already_executed")
        }

        test("an approver who is no admin settles nothing: 403") {
            val approved = Approved(broker, requester)
            approved.report(approved.claimed(), "unknown").shouldBeOk()
            settle(broker.approver().http, approved, "failed") shouldBeRefusedWith (403 to "forbidden")
            approved.state() shouldBe "unknown"
        }
    })
