package dev.sesame.broker.audit

import dev.sesame.broker.TestBroker
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.readAudit
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonPrimitive
import java.sql.DriverManager

/** What the audit tells of a request's steps, and that without it there are none. */
class AuditedDecisionsTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val approver = broker.approver()
        val file = broker.dataDir.resolve("sesame.db")
        fun entries(id: String) = readAudit(file) { reader -> reader.entries().filter { it.fact.approvalId == id }.toList() }
        fun change(sql: String) =
            DriverManager.getConnection("jdbc:sqlite:$file").use { it.createStatement().use { statement -> statement.execute(sql) } }

        test("no audit, no decision: a vote that can't be told of is none, and may be cast again") {
            val id = requester.asked()
            change(
                "CREATE TRIGGER no_audit BEFORE INSERT ON audit WHEN NEW.fact = 'approval.approved' " +
                    "BEGIN SELECT RAISE(ABORT, 'no room'); END",
            )
            approver.decide(id, "approve").status shouldBe 503
            change("DROP TRIGGER no_audit")
            requester.read(id).run {
                text("status") shouldBe "pending"
                at("votes") shouldBe JsonArray(emptyList())
            }
            entries(id).map { it.fact.name } shouldBe listOf("approval.opened")
            approver.approve(id)
            entries(id).map { it.fact.name } shouldBe listOf("approval.opened", "approval.approved")
        }

        test("each step names who did it, not who did the one before") {
            val id = requester.asked("approvals_required" to 2)
            val other = broker.approver()
            approver.approve(id)
            other.http.post("/v1/approvals/$id/extend", "expires_in" to 200_000).shouldBeOk()
            broker.approver().approve(id)
            entries(id).map { it.fact.name to it.fact.details["by"] }.dropLast(1) shouldBe listOf(
                "approval.opened" to null,
                "approval.voted" to JsonPrimitive(approver.id),
                "approval.extended" to JsonPrimitive(other.id),
            )
            readAudit(file) { VerifyAudit(it, emptyList()).run().problems }.shouldBeEmpty()
        }
    })
