package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.Http
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonNull
import java.time.Duration
import java.time.Instant

private val POLICY =
    """
    version: 1
    rules:
      - name: forbidden
        action: accounts.delete
        effect: deny
        reason: Accounts are closed, never deleted.
      - name: small refunds
        action: payments.refund
        when: context.amount < 50
        effect: permit
      - name: risky
        action: payments.*
        when: risk_score > 0.8 || requested_by == "agent-7"
        effect: require_approval
        approvals_required: 2
        expires_in: 600
    """.trimIndent()

/** A policy over HTTP: what it says, and what becomes of what is asked. */
class PolicyHttpTest :
    FunSpec({
        val broker = autoClose(ClockedBroker())
        broker.admin.post("/v1/admin/policies", "text" to POLICY).status shouldBe 201
        val requester = broker.requester()

        fun Http.check(action: String, vararg fields: Pair<String, Any?>): Answer =
            post("/v1/policy/check", "action" to action, *fields).also { withClue(it) { it.status shouldBe 200 } }

        fun Answer.said() = listOf("outcome", "reason_code", "rule").map { text(it) }

        test("a check says what the policy says, why, and by which rule, and creates nothing") {
            requester.http.check("payments.refund", "context" to mapOf("amount" to 20)).said() shouldContainExactly
                listOf("EXECUTE", "rule_permits", "small refunds")
            val halted = requester.http.check("accounts.delete")
            halted.said() shouldContainExactly listOf("HALT", "rule_denies", "forbidden")
            halted.text("reason") shouldBe "Accounts are closed, never deleted."
            requester.http.check("payments.payout", "risk_score" to 0.9).said() shouldContainExactly
                listOf("ABSTAIN", "rule_requires_approval", "risky")
            requester.http.check("deploy").said() shouldContainExactly listOf("ABSTAIN", "no_rule", null)
            requester.http.check("payments.refund").said() shouldContainExactly listOf("ABSTAIN", "condition_failed", "small refunds")
            requester.http.get("/v1/approvals").ids.shouldBeEmpty()
        }

        test("a check refuses what asking refuses, and is for requesters alone") {
            requester.http.post("/v1/policy/check", "context" to mapOf("a" to 1)).wrongFields shouldContainExactly listOf("action")
            requester.http.post("/v1/policy/check", "action" to "a", "summary" to "b").wrongFields shouldContainExactly listOf("summary")
            requester.http.post("/v1/policy/check", "action" to "a", "risk_score" to 2).wrongFields shouldContainExactly
                listOf("risk_score")
            broker.admin.post("/v1/policy/check", "action" to "a") shouldBeRefusedWith (403 to "forbidden")
            broker.nobody.post("/v1/policy/check", "action" to "a") shouldBeRefusedWith (401 to "unauthorized")
        }

        test("what the policy permits is approved when it is asked, by the policy, and can be claimed at once") {
            val opened = requester.ask("context" to mapOf("amount" to 20))
            opened.status shouldBe 201
            listOf("status", "rule", "decision.status", "decision.via", "decision.note").map { opened.text(it) } shouldContainExactly
                listOf("approved", "small refunds", "approved", "policy", "the rule \"small refunds\" permits it")
            opened.at("decision.by") shouldBe JsonNull
            requester.read(opened.text("approval_id")!!).json shouldBe opened.json
            val claim = "/v1/approvals/${opened.text("approval_id")}/claim"
            requester.http.post(claim, "claimant" to claimant(), "context_hash" to opened.text("context_hash")).status shouldBe 200
        }

        test("what it permits is asked all the same where the caller wants more than one person, or whom there isn't") {
            repeat(2) { broker.approver() }
            val two = requester.ask("context" to mapOf("amount" to 20), "approvals_required" to 2)
            listOf(two.text("status"), two.text("rule"), two.text("approvals_required")) shouldContainExactly
                listOf("pending", "small refunds", "2")
            requester.ask("context" to mapOf("amount" to 20), "groups" to listOf("nobody")).wrongFields shouldContainExactly
                listOf("groups")
        }

        test("what the policy denies is denied when it is asked, and nobody can approve it") {
            val opened = requester.ask("action" to "accounts.delete")
            listOf("status", "rule", "decision.via", "decision.note").map { opened.text(it) } shouldContainExactly
                listOf("denied", "forbidden", "policy", "Accounts are closed, never deleted.")
            broker.approver().decide(opened.text("approval_id")!!, "approve") shouldBeRefusedWith (409 to "already_decided")
        }

        test("where people are asked, the rule stands in the document, with its terms") {
            val opened = requester.ask("action" to "payments.payout", "requested_by" to "agent-7")
            listOf("status", "rule", "approvals_required").map { opened.text(it) } shouldContainExactly listOf("pending", "risky", "2")
            fun time(name: String) = Instant.parse(opened.text(name))
            Duration.between(time("created_at"), time("expires_at")) shouldBe Duration.ofMinutes(10)
            val id = opened.text("approval_id")!!
            broker.approver().approve(id).text("status") shouldBe "pending"
            broker.approver().approve(id).text("status") shouldBe "approved"
        }

        test("without a rule nothing is said of one, and one person decides") {
            val opened = requester.ask("action" to "deploy")
            listOf("status", "rule", "approvals_required").map { opened.text(it) } shouldContainExactly listOf("pending", null, "1")
        }

        test("test keys are judged by the same policy") {
            val tester = broker.testing()
            tester.ask("context" to mapOf("amount" to 20)).text("status") shouldBe "approved"
            tester.ask("action" to "accounts.delete", "test" to mapOf("decide" to "approve")).text("status") shouldBe "denied"
            tester.http.check("accounts.delete").text("outcome") shouldBe "HALT"
        }

        test("the same call finds what was decided, also when the policy says something else by then") {
            val other = autoClose(ClockedBroker())
            val asking = other.requester()
            val first = asking.ask("dedup_key" to "k", "context" to mapOf("amount" to 20))
            first.text("status") shouldBe "pending"
            other.admin.post("/v1/admin/policies", "text" to POLICY).status shouldBe 201
            val again = asking.ask("dedup_key" to "k", "context" to mapOf("amount" to 20))
            (again.status to again.json) shouldBe (200 to first.json)
        }

        test("the decision feed tells what the policy decided, in commit order") {
            Feed(requester.http).use { feed ->
                feed.next().name shouldBe "ready"
                val denied = requester.asked("action" to "accounts.delete")
                val permitted = requester.asked("context" to mapOf("amount" to 1))
                feed.next().text("approval_id") shouldBe denied
                feed.next().text("approval_id") shouldBe permitted
            }
        }

        test("metrics count what the policy decided as asked and as decided") {
            val counted = Regex("""sesame_transitions_total\{event="(\w+)",mode="live"} (\d+)""")
            fun counts() = counted.findAll(broker.nobody.get("/metrics").text).associate { it.groupValues[1] to it.groupValues[2].toInt() }
            val before = counts()
            requester.asked("action" to "accounts.delete")
            val after = counts()
            listOf("opened", "denied").forEach { after.getValue(it) shouldBe before.getValue(it) + 1 }
            broker.nobody.get("/metrics").text shouldContain "sesame_policy_rules 3"
        }
    })
