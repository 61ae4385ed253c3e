package dev.sesame.testing

import dev.sesame.ApprovalDeniedException
import dev.sesame.ApprovalStatus
import dev.sesame.BrokerUnavailableException
import dev.sesame.GateOutcome
import dev.sesame.InvalidRequestException
import dev.sesame.NotPermittedException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put
import java.time.Duration
import kotlin.time.Duration.Companion.milliseconds

class PolicyScriptTest :
    FunSpec({
        fun amount(amount: Int) = buildJsonObject { put("amount", amount) }

        fun broker() = FakeBroker().apply {
            policy {
                permit("payments.refund", rule = "small refunds") { it.getValue("amount").jsonPrimitive.int < 50 }
                deny("accounts.*", reason = "never")
                requireApproval("deploy", approvalsRequired = 2)
            }
        }

        test("approve returns at once on what the policy permits, and runs once") {
            broker().use { broker ->
                broker.sesame().approve("payments.refund", context = amount(20)) { "paid" } shouldBe "paid"
                val asked = broker.assertAsked("payments.refund")
                (asked.rule to asked.decision?.via) shouldBe ("small refunds" to "policy")
                broker.assertRanOnce(asked.id)
            }
        }

        test("approve throws at once on what the policy denies") {
            broker().use { broker ->
                val denied = shouldThrow<ApprovalDeniedException> { broker.sesame().approve("accounts.delete") { error("it ran") } }
                denied.note shouldBe "never"
                denied.message shouldBe "accounts.delete was denied by the policy: never (${denied.approvalId})"
                broker.webhooks.size shouldBe 0
            }
        }

        test("people are asked about the rest, as many as the rule wants") {
            broker().use { broker ->
                val (ann, bob) = listOf("ann", "bob").map(broker::approver)
                val running = async { broker.sesame().approve("deploy") { "deployed" } }
                val pending = broker.awaitPending()
                ann.approves(pending).status shouldBe ApprovalStatus.PENDING
                bob.approves(pending).status shouldBe ApprovalStatus.APPROVED
                running.await() shouldBe "deployed"
            }
        }

        test("a rule's groups, numbers and owner are joined with what is asked, as the broker does") {
            broker().use { broker ->
                val (ann, bob, olga) = listOf("ann", "bob", "olga").map(broker::approver)
                listOf(ann, olga).forEach { it.joins("ops") }
                bob.joins("security")
                broker.requester("shop").ownedBy(olga)
                val terms = PolicyTerms(
                    2,
                ).groups("ops", "security").approvalsOf("security", 1).allowSelf(true).expiresIn(Duration.ofHours(1))
                broker.policy { requireApproval("deploy", terms, rule = "two of them") }
                val sesame = broker.requester("shop").sesame()
                val running = async { sesame.approve("deploy") { "deployed" } }
                val pending = broker.awaitPending()
                listOf(pending.approvalsRequired, pending.groups, pending.approvalsPerGroup, pending.rule) shouldBe
                    listOf(2, listOf("ops", "security"), mapOf("security" to 1), "two of them")
                Duration.between(pending.createdAt, pending.expiresAt) shouldBe Duration.ofHours(1)
                olga.approves(pending).status shouldBe ApprovalStatus.PENDING
                bob.approves(pending).status shouldBe ApprovalStatus.APPROVED
                running.await() shouldBe "deployed"
                val refused =
                    shouldThrow<InvalidRequestException> { sesame.approve("deploy", groups = listOf("finance")) { error("it ran") } }
                refused.fields.keys shouldBe setOf("groups")
            }
        }

        test("it escalates by the broker's clock, once, and the wait that is open goes on") {
            broker().use { broker ->
                val (ann, bob) = listOf("ann", "bob").map(broker::approver)
                ann.joins("ops")
                bob.joins("board")
                broker.policy { requireApproval("deploy", PolicyTerms().groups("ops").escalates(Duration.ofMinutes(10), "board")) }
                val running = async { broker.sesame().approve("deploy") { "deployed" } }
                val pending = broker.awaitPending()
                broker.clock.advance(Duration.ofSeconds(599))
                broker.approval(pending.id).groups shouldBe listOf("ops")
                shouldThrow<IllegalStateException> { bob.approves(pending) }
                broker.clock.advance(Duration.ofHours(1))
                val escalated = broker.approval(pending.id)
                escalated.groups shouldBe listOf("ops", "board")
                escalated.escalation?.escalatedAt shouldBe pending.createdAt?.plusSeconds(600)
                bob.approves(pending).status shouldBe ApprovalStatus.APPROVED
                running.await() shouldBe "deployed"
            }
        }

        test("who was told in advance what to answer does so once they are asked, too") {
            broker().use { broker ->
                val (ann, bob) = listOf("ann", "bob").map(broker::approver)
                ann.joins("ops")
                bob.joins("board")
                bob.approvesAll("for want of others")
                broker.policy { requireApproval("deploy", PolicyTerms().groups("ops").escalates(Duration.ofMinutes(10), "board")) }
                val running = async { broker.sesame().approve("deploy") { it.decision?.note } }
                broker.awaitPending()
                broker.clock.advance(Duration.ofMinutes(10))
                running.await() shouldBe "for want of others"
                broker.pending shouldBe emptyList()
            }
        }

        test("terms that no rule could have are refused where they are written") {
            listOf<() -> Any>(
                { PolicyTerms(11) },
                { PolicyTerms().groups() },
                { PolicyTerms().approvalsOf("ops", 11) },
                { PolicyTerms().expiresIn(Duration.ofSeconds(9)) },
                { PolicyTerms().escalates(Duration.ofHours(1), "board") },
                { PolicyTerms().groups("ops").escalates(Duration.ofHours(1), "ops") },
            ).forEach { shouldThrow<IllegalArgumentException> { it() } }
        }

        test("a check says what the policy says and asks nobody") {
            broker().use { broker ->
                val sesame = broker.sesame()
                sesame.checkPolicy("payments.refund", amount(20)).outcome shouldBe GateOutcome.EXECUTE
                sesame.checkPolicy("payments.refund", amount(50)).outcome shouldBe GateOutcome.ABSTAIN
                sesame.checkPolicy("accounts.delete").outcome shouldBe GateOutcome.HALT
                broker.assertNothingAsked()
            }
        }

        test("executeIfAllowed runs the block on a permission alone") {
            broker().use { broker ->
                val sesame = broker.sesame()
                sesame.executeIfAllowed("payments.refund", amount(20)) { it }.getOrThrow() shouldBe amount(20)
                listOf("deploy" to "ABSTAIN", "accounts.delete" to "HALT").forEach { (action, outcome) ->
                    val run = sesame.executeIfAllowed(action) { error("it ran") }
                    run.hasRun shouldBe false
                    shouldThrow<NotPermittedException> { run.getOrThrow() }.decision.outcome.value shouldBe outcome
                }
            }
        }

        test("a check that fails runs nothing") {
            broker().use { broker ->
                broker.fail(Fault.DROP, times = 1_000, of = CallKind.CHECK)
                val sesame = broker.sesame { retryFor = 10.milliseconds }
                shouldThrow<BrokerUnavailableException> { sesame.executeIfAllowed("payments.refund", amount(20)) { error("it ran") } }
            }
        }

        test("another script takes the place of the first") {
            broker().use { broker ->
                broker.policy { }
                broker.sesame().checkPolicy("accounts.delete").reasonCode shouldBe "no_rule"
            }
        }
    })
