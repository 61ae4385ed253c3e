package dev.sesame.checks

import dev.sesame.GateOutcome
import dev.sesame.testing.FakeBroker
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

class PolicyPageTest :
    FunSpec({
        val context = buildJsonObject { put("cents", 100) }

        test("what docs/policy.md shows does what it says") {
            FakeBroker().use { broker ->
                val said = mutableListOf<String>()
                val sent = mutableListOf<JsonObject>()
                val page = PolicyPage(broker.sesame(), said::add, sent::add)
                page.check(context)
                said shouldContainExactly emptyList()
                broker.policy { deny("payments.*", reason = "closed") }
                page.check(context)
                page.execute(context)
                said shouldContainExactly listOf(
                    "not today: closed",
                    "people must be asked, or it may not be: ABSTAIN (no_rule): no rule says otherwise, so people are asked",
                )
                broker.policy { permit("reports.send") }
                page.execute(context)
                sent shouldContainExactly listOf(context)
                said.size shouldBe 2
            }
        }

        test("what docs/testing.md shows of the policy does what it says") {
            FakeBroker().use { broker ->
                scripted(broker)
                val sesame = broker.sesame()
                sesame.checkPolicy("payments.refund", context).outcome shouldBe GateOutcome.EXECUTE
                sesame.checkPolicy("payments.refund").outcome shouldBe GateOutcome.ABSTAIN
                sesame.checkPolicy("accounts.delete").reason shouldBe "never"
                val (ann, bob) = listOf("ann", "bob").map(broker::approver)
                sesame.trigger("deploy.web").approval.approvalsRequired shouldBe 2
                ann.joins("finance")
                bob.joins("board")
                val invoice = sesame.trigger("invoices.pay").approval
                broker.clock.advance(java.time.Duration.ofHours(1))
                broker.approval(invoice.id).groups shouldBe listOf("finance", "board")
            }
        }
    })
