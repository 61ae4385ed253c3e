package dev.sesame.broker.http

import dev.sesame.WebhookVerifier
import dev.sesame.broker.Answer
import dev.sesame.broker.TestBroker
import dev.sesame.broker.audit.VerifyAudit
import dev.sesame.broker.browser
import dev.sesame.broker.cli.Terminal
import dev.sesame.broker.delivery.Receiver
import dev.sesame.broker.delivery.Reply
import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.json
import dev.sesame.broker.readAudit
import dev.sesame.broker.store.ids
import dev.sesame.internal.CanonicalJson
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.sql.DriverManager

private const val POLICY = """
version: 1
rules:
  - name: no accounts
    action: payouts.*
    effect: require_approval
    redact: [{field: customer.iban, channels: [webhook, inbox]}]
  - name: short memory
    action: short.*
    effect: require_approval
    redact: [{field: customer.iban, channels: [stored]}]
"""

private val payout = json("cents" to 20, "customer" to mapOf("name" to "ana", "iban" to "DE00-secret"))
private val seen = json("cents" to 20, "customer" to mapOf("name" to "ana", "iban" to "[redacted]"))

/** Contexts of which a part is told to nobody over some channels, or is kept no more. */
class RedactHttpTest :
    FunSpec({
        val secret = dev.sesame.WebhookSecret.random()
        val broker = autoClose(TestBroker(webhookSecret = secret))
        val requester = broker.requester()
        val approver = broker.approver()
        val admin = broker.admin
        admin.post("/v1/admin/policies", "text" to POLICY).status shouldBe 201

        fun ask(action: String = "payouts.send", vararg more: Pair<String, Any?>) =
            requester.asked("action" to action, "context" to payout, *more)

        fun redact(id: String, vararg fields: String): Answer = admin.post("/v1/approvals/$id/redact", "fields" to fields.toList())

        fun problems() = readAudit(broker.dataDir.resolve("sesame.db")) { VerifyAudit(it, emptyList()).run().problems }

        fun entries() = readAudit(broker.dataDir.resolve("sesame.db")) { reader -> reader.entries().map { it.fact }.toList() }

        fun rowsWith(text: String): List<String> =
            DriverManager.getConnection("jdbc:sqlite:${broker.dataDir.resolve("sesame.db")}").use { connection ->
                val tables = connection.metaData.getTables(null, null, "%", arrayOf("TABLE")).run {
                    generateSequence { if (next()) getString("TABLE_NAME") else null }.toList()
                }
                tables.filter { table ->
                    connection.createStatement().use { statement ->
                        val rows = statement.executeQuery("SELECT * FROM $table")
                        val count = rows.metaData.columnCount
                        generateSequence { if (rows.next()) (1..count).any { text in rows.getString(it).orEmpty() } else null }.any { it }
                    }
                }
            }

        test("approvers and admins read it without, wherever they read; its requester reads all of it, with the same hashes") {
            val id = ask()
            val own = requester.read(id)
            own.at("context") shouldBe payout
            own.at("redacted").toString() shouldBe "[]"
            listOf(approver.http, admin).forEach { reader ->
                val read = reader.get("/v1/approvals/$id")
                read.at("context") shouldBe seen
                read.at("redacted").toString() shouldBe """["customer.iban"]"""
                read.text("request_hash") shouldBe own.text("request_hash")
                listOf("/v1/inbox?status=pending", "/v1/approvals?ids=$id").forEach { reader.get(it).text shouldNotContain "DE00" }
            }
            val browser = broker.browser(approver)
            browser.get("/approvals/$id").text.let {
                it shouldNotContain "DE00"
                it shouldContain "Hidden by the rule “no accounts”: customer.iban"
            }
            browser.get("/inbox?text=DE00").text shouldNotContain id
            browser.get("/inbox?text=ana").text shouldContain id
        }

        test("who approves it is not told by the answer, a refusal or a late one; what runs is the whole") {
            val id = ask("payouts.send", "editable" to listOf("cents", "customer"))
            val guessed = json("cents" to 20, "customer" to mapOf("name" to "ana", "iban" to "x"))
            val other = approver.decide(id, "approve", "context" to guessed)
            other shouldBeRefusedWith (422 to "not_editable")
            other.wrongFields shouldContainExactly listOf("context.customer.iban")
            other.text shouldNotContain "DE00"
            val edited = JsonObject(seen + json("cents" to 15))
            val answer = approver.decide(id, "approve", "context" to edited)
            answer.at("decision.edited_context") shouldBe edited
            approver.decide(id, "deny").text shouldNotContain "DE00"
            val approved = JsonObject(payout + json("cents" to 15))
            answer.text("context_hash") shouldBe CanonicalJson.requestHash("payouts.send", approved)
            val claim = arrayOf("claimant" to "c".repeat(22), "context_hash" to answer.text("context_hash"))
            requester.http.post("/v1/approvals/$id/claim", *claim).at("approval.decision.edited_context") shouldBe approved
        }

        test("a webhook leaves it out, says so, and is genuine") {
            Receiver().use { receiver ->
                val id = ask("payouts.send", "callback_url" to receiver.url)
                approver.approve(id)
                val got = receiver.await(1).single()
                String(got.bytes) shouldNotContain "DE00"
                Contract.check.faults(Contract.schema("DecisionEvent"), got.json).shouldBeEmpty()
                val event = WebhookVerifier(listOf(secret)).verify(got.bytes, got.headers.mapValues { listOf(it.value) })
                event.redacted shouldContainExactly listOf("customer.iban")
                event.contextHash shouldBe requester.read(id).text("context_hash")
            }
        }

        test("a later policy uncovers nothing") {
            val id = ask()
            admin.post("/v1/admin/policies", "text" to "version: 1\nrules: []").status shouldBe 201
            approver.http.get("/v1/approvals/$id").at("context") shouldBe seen
            admin.post("/v1/admin/policies", "text" to POLICY).status shouldBe 201
        }

        test("an admin erases values of what is over: from every row, for everybody, with an entry; hashes and receipt stay") {
            val iban = "DE${ids.bare()}"
            Receiver { Reply(200, "you sent $iban") }.use { receiver ->
                val context = json("customer" to mapOf("iban" to iban), "note" to "n")
                val id = requester.asked("action" to "other.one", "context" to context, "callback_url" to receiver.url)
                approver.decide(id, "deny")
                val before = requester.read(id)
                val receipt = admin.get("/v1/approvals/$id/receipt").text("receipt")
                awaitThat("the webhook is delivered") { admin.get("/v1/admin/deliveries?limit=100").text.contains("\"delivered\"") }
                awaitThat("its answer is kept") { rowsWith(iban) == listOf("approvals", "attempts") }

                val done = admin.call("POST /v1/approvals/{id}/redact", """{"fields": ["customer.iban"]}""", id)
                done.status shouldBe 200
                rowsWith(iban).shouldBeEmpty()
                val after = requester.read(id)
                after.at("redacted").toString() shouldBe """["customer.iban"]"""
                after.at("context").toString() shouldBe """{"customer":{"iban":"[redacted]"},"note":"n"}"""
                listOf("request_hash", "context_hash", "status").forEach { after.text(it) shouldBe before.text(it) }
                admin.get("/v1/approvals/$id/receipt").text("receipt") shouldBe receipt
                redact(id, "customer.iban").json shouldBe done.json
                redact(id, "customer.iban", "note").at("context.note").toString() shouldBe "\"[redacted]\""
                entries().filter { it.approvalId == id }.map { it.name }.takeLast(2) shouldContainExactly
                    listOf("approval.redacted", "approval.redacted")
                entries().joinToString() shouldNotContain iban
                broker.browser(approver).get("/approvals/$id").text shouldContain "Erased since it was over: customer.iban, note"
            }
            problems().shouldBeEmpty()
        }

        test("nothing is erased that may still run, is not there, or by anybody but an admin") {
            val pending = ask("other.two")
            redact(pending, "cents") shouldBeRefusedWith (409 to "not_approved")
            approver.approve(pending)
            redact(pending, "cents") shouldBeRefusedWith (409 to "already_decided")
            val hash = requester.read(pending).text("context_hash")
            val claim = arrayOf("claimant" to "c".repeat(22), "context_hash" to hash)
            val token = requester.http.post("/v1/approvals/$pending/claim", *claim).text("claim_token")
            redact(pending, "cents") shouldBeRefusedWith (409 to "already_claimed")
            fun report(outcome: String) =
                requester.http.post("/v1/approvals/$pending/outcome", "claim_token" to token, "outcome" to outcome).status shouldBe 200
            report("unknown")
            redact(pending, "cents") shouldBeRefusedWith (409 to "outcome_unknown")
            report("failed")
            redact(pending, "cents") shouldBeRefusedWith (409 to "already_decided")
            report("succeeded")
            redact(pending, "none.such") shouldBeRefusedWith (422 to "invalid")
            redact(pending) shouldBeRefusedWith (422 to "invalid")
            redact(pending, "a..b") shouldBeRefusedWith (422 to "invalid")
            redact(ids.approval(), "cents") shouldBeRefusedWith (404 to "not_found")
            listOf(requester.http, approver.http).forEach {
                it.post("/v1/approvals/$pending/redact", "fields" to listOf("cents")) shouldBeRefusedWith (403 to "forbidden")
            }
            requester.read(pending).at("context") shouldBe payout
            redact(pending, "cents").status shouldBe 200
        }

        test("a rule erases by itself once it is over, and tells so") {
            val id = ask("short.lived")
            approver.http.get("/v1/approvals/$id").at("context") shouldBe payout
            requester.http.post("/v1/approvals/$id/cancel").status shouldBe 200
            awaitThat("it is erased") { requester.read(id).at("context") == seen }
            withClue("the entry says that it was the rule") {
                entries().last { it.approvalId == id }.details["redacted_by"] shouldBe JsonPrimitive("rule")
            }
            problems().shouldBeEmpty()
        }

        test("the same question again, after its values were erased, is told how it ended") {
            val body = arrayOf("action" to "other.three", "context" to payout, "dedup_key" to "once")
            val id = requester.asked(*body)
            approver.decide(id, "deny")
            redact(id, "customer").status shouldBe 200
            val again = requester.ask(*body)
            again.status shouldBe 200
            again.text("status") shouldBe "denied"
        }

        test("the command line erases, too") {
            val id = ask("other.four").also { approver.decide(it, "deny") }
            val terminal = Terminal("SESAME_BROKER_URL" to broker.url, "SESAME_APPROVER_TOKEN" to admin.bearer!!)
            terminal.run("redact", id, "--field", "customer.iban", "--field", "cents", "--json").well().json["redacted"].toString() shouldBe
                """["customer.iban","cents"]"""
            terminal.run("redact", ask("other.five"), "--field", "cents").badly("not_approved", "pending")
        }
    })
