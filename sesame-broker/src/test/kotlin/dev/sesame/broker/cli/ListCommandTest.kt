package dev.sesame.broker.cli

import dev.sesame.broker.TestBroker
import dev.sesame.broker.http.Approved
import dev.sesame.broker.http.shouldBeOk
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.serialization.json.JsonNull

class ListCommandTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val asked = List(205) { requester.asked() }
        requester.http.post("/v1/approvals/${asked[7]}/cancel").shouldBeOk()
        val terminal = Terminal("SESAME_BROKER_URL" to broker.url, "SESAME_APPROVER_TOKEN" to broker.admin.bearer!!)

        fun listed(vararg flags: String): Said = terminal.run("list", *flags).well()

        fun Said.rows(): Int = out.lines().count { it.startsWith("ap_") }

        test("the newest hundred are shown where nothing is said, and that there are more") {
            val said = listed()
            said.rows() shouldBe 100
            said.out shouldContain "the newest 100; see more with --limit"
            listed("--json").json.let { json ->
                json.approvals().size shouldBe 100
                json.text("next_cursor").isNotEmpty() shouldBe true
            }
        }

        test("more than a page are fetched page by page, each once and newest first") {
            val all = broker.admin.get("/v1/inbox?limit=100").ids
            val json = listed("--limit", "203", "--json").json
            val ids = json.approvals().map { it.text("approval_id") }
            ids.take(100) shouldBe all
            ids.distinct().size shouldBe 203
            json.text("next_cursor").isNotEmpty() shouldBe true
            listed("--limit", "203").let {
                it.rows() shouldBe 203
                it.out shouldContain "newest 203"
            }
        }

        test("where all are shown nothing else is said, also where the limit is met exactly") {
            listOf("205", "1000").forEach { limit ->
                listed("--limit", limit).let {
                    it.rows() shouldBe 205
                    it.out shouldNotContain "older"
                }
                listed("--limit", limit, "--json").json["next_cursor"] shouldBe JsonNull
            }
            listed("--limit", "300", "--status", "pending").rows() shouldBe 204
            listed("--limit", "1", "--status", "cancelled").out.let {
                it shouldContain asked[7]
                it shouldNotContain "older"
            }
        }

        test("fewer than a page are shown where that is wanted") {
            listed("--limit", "3").let {
                it.rows() shouldBe 3
                it.out shouldContain "newest 3"
            }
        }

        test("a limit that is none, or beyond ten thousand, is refused") {
            listOf("0", "-1", "10001", "many").forEach { (terminal.run("list", "--limit", it).code == 0) shouldBe false }
        }

        test("runs that stand so are found by their state, which is shown") {
            val runs = List(2) { Approved(broker, requester) }
            runs[0].report(runs[0].claimed(), "unknown").shouldBeOk()
            runs[1].claimed()
            listed("--execution", "unknown").out.let {
                it shouldContain runs[0].id
                it shouldNotContain runs[1].id
                it shouldContain "RUN"
            }
            listed("--execution", "claimed", "--json").json.approvals().map { it.text("approval_id") } shouldBe listOf(runs[1].id)
            (terminal.run("list", "--execution", "lost").code == 0) shouldBe false
            broker.admin.get("/v1/inbox?execution=lost").wrongFields shouldBe listOf("execution")
        }
    })
