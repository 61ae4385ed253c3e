package dev.sesame.broker.policy.yaml

import dev.sesame.broker.policy.Facts
import dev.sesame.broker.policy.PolicyBook
import dev.sesame.broker.policy.json
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.nio.file.Path
import java.time.Instant
import kotlin.io.path.readText

/** The example in docs/policy.md is a policy, and says what its names say. */
class PolicyDocsTest :
    FunSpec({
        val yaml = Regex("```yaml\n(.*?)```", RegexOption.DOT_MATCHES_ALL)
        val book = PolicyBook(PolicyText.parse(yaml.find(Path.of("../docs/policy.md").readText())!!.groupValues[1].toByteArray()))

        fun said(
            action: String,
            context: String = "{}",
            requester: String = "shop",
            at: String = "2026-11-20T12:00:00Z",
            by: String? = null,
            risk: Double? = null,
        ) = book.judge(Facts(action, json(context), requester, Instant.parse(at), by, risk)).let { "${it.effect.outcome} ${it.rule}" }

        test("its rules do what their names say") {
            val small = """{"currency": "EUR", "cents": 5000}"""
            said("accounts.delete") shouldBe "HALT accounts stay"
            said("payments.payout", at = "2026-11-20T23:00:00Z") shouldBe "HALT no payouts at night"
            said("payments.payout") shouldBe "ABSTAIN everything else about money"
            said("payments.refund", small, risk = 0.1) shouldBe "EXECUTE small refunds"
            said("payments.refund", small, risk = 0.1, requester = "stranger") shouldBe "ABSTAIN everything else about money"
            said("payments.refund", """{"currency": "EUR", "cents": 5001}""", risk = 0.1) shouldBe "ABSTAIN everything else about money"
            said("payments.refund", small) shouldBe "ABSTAIN small refunds"
            said("deploy.web", """{"environment": "production"}""", by = "agent-7") shouldBe "ABSTAIN agents on production"
            said("deploy.web", """{"environment": "staging"}""", by = "agent-7") shouldBe "ABSTAIN null"
            val facts = Facts("deploy.web", json("""{"environment": "production"}"""), "shop", Instant.EPOCH, requestedBy = "agent-7")
            book.judge(facts).terms.escalation?.groups shouldBe setOf("board")
        }
    })
