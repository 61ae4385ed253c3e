package dev.sesame.checks

import dev.sesame.GateOutcome
import dev.sesame.Sesame
import dev.sesame.testing.FakeBroker
import dev.sesame.testing.PolicyTerms
import kotlinx.serialization.json.JsonObject
import java.time.Duration

/** What docs/policy.md shows of the client. */
internal class PolicyPage(private val sesame: Sesame, private val println: (String) -> Unit, private val send: (JsonObject) -> Unit) {
    suspend fun check(context: JsonObject) {
        val decision = sesame.checkPolicy("payments.refund", context)
        if (decision.outcome == GateOutcome.HALT) println("not today: ${decision.reason}")
    }

    suspend fun execute(context: JsonObject) {
        val run = sesame.executeIfAllowed("reports.send", context) { approved -> send(approved) }
        if (!run.hasRun) println("people must be asked, or it may not be: ${run.decision}")
    }
}

/** What docs/testing.md shows of the policy. */
internal fun scripted(broker: FakeBroker) {
    broker.policy {
        permit("payments.refund", rule = "small refunds") { context -> "cents" in context }
        deny("accounts.*", reason = "never")
        requireApproval("deploy.*", approvalsRequired = 2)
        requireApproval("invoices.*", PolicyTerms().groups("finance").escalates(Duration.ofHours(1), "board"))
    }
}
