package dev.sesame.broker.cli

import dev.sesame.broker.TestBroker
import dev.sesame.broker.groupOf
import dev.sesame.broker.http.Approved
import dev.sesame.broker.json
import dev.sesame.broker.store.ids
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class ApprovalCommandsTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val terminal = Terminal("SESAME_BROKER_URL" to broker.url, "SESAME_APPROVER_TOKEN" to broker.admin.bearer!!)

        test("list shows requests newest first, and narrows by status") {
            val pending = requester.asked("action" to "cli.pending")
            val approved = requester.asked("action" to "cli.approved").also { broker.approver().approve(it) }
            val all = terminal.run("list").well().out
            (all.indexOf(approved) in 0..<all.indexOf(pending)) shouldBe true
            all shouldContain "cli.pending"
            terminal.run("list", "--status", "approved").well().out.let {
                it shouldContain approved
                it shouldNotContain pending
            }
            val json = terminal.run("list", "--status", "pending", "--json").well().json
            json shouldBe broker.admin.get("/v1/inbox?status=pending&limit=100").json
            terminal.run("list", "--status", "expired").well().out.trim() shouldBe "none"
        }

        test("show shows everything needed to decide") {
            val id = requester.asked(
                "summary" to "Refund it",
                "reason" to "twice charged",
                "context" to json("order" to "A-1001", "lines" to listOf(1, 2)),
                "requested_by" to "agent 7",
                "risk_score" to 0.25,
            )
            val out = terminal.run("show", id).well().out
            val words = listOf(id, "Refund it", requester.name, "agent 7", "twice charged", "order = A-1001", "lines = [1,2]", "0.25")
            words.forEach { out shouldContain it }
            terminal.run("show", id, "--json").well().json shouldBe requester.read(id).json
        }

        test("show tells whose word is needed, and what was said so far") {
            val ann = broker.approver()
            val (first, second) = listOf(broker.groupOf(ann), broker.groupOf(broker.approver()))
            val id = requester.asked("approvals_per_group" to json(first to 1, second to 1), "approvals_required" to 2)
            ann.decide(id, "approve", "note" to "seen \u001b[2J")
            val out = terminal.run("show", id).well().out
            out shouldContain Regex("needs 2 of $first, $second, at least 1 of $first, 1 of $second\n")
            out shouldContain Regex("${ann.name} said approve \\(seen \\\\u001b\\[2J\\) at 20[0-9-]+T[0-9:.]+Z\n")
            terminal.run("show", requester.asked()).well().out shouldNotContain "needs"
        }

        test("approve and deny decide, with a note, as the command line") {
            val yes = requester.asked()
            terminal.run("approve", yes, "--note", "fine").well().out shouldContain "approved"
            val read = requester.read(yes)
            listOf("status", "decision.via", "decision.note").map { read.text(it) } shouldBe listOf("approved", "cli", "fine")
            val no = requester.asked()
            terminal.run("deny", no, "--json").well().json shouldBe requester.read(no).json
            requester.read(no).text("status") shouldBe "denied"
        }

        test("what is decided already can't be decided otherwise: one line, exit 1") {
            val id = requester.asked()
            terminal.run("deny", id).well()
            terminal.run("approve", id).badly("already_decided", id)
            requester.read(id).text("status") shouldBe "denied"
        }

        test("cancel takes a request back") {
            val id = requester.asked()
            terminal.run("cancel", id).well().out shouldContain "cancelled"
            requester.read(id).text("status") shouldBe "cancelled"
        }

        test("list and show tell how far the run of an approval got, and what was said about it") {
            val runs = listOf("claimed", "succeeded", "failed", "unknown").associateWith { state ->
                Approved(broker, requester).also { approved ->
                    val token = approved.claimed()
                    if (state != "claimed") approved.report(token, state, "detail" to "so it was \u001b[2J").status shouldBe 200
                }
            }
            val listed = terminal.run("list", "--limit", "4").well().out.lines()
            runs.forEach { (state, approved) ->
                listed.single { approved.id in it } shouldContain Regex("approved +$state +")
                val said = if (state == "claimed") "" else " \\(so it was \\\\u001b\\[2J\\)"
                terminal.run("show", approved.id).well().out shouldContain Regex(", run: $state at 20[0-9-]+T[0-9:.]+Z$said\n")
            }
            listed.first() shouldContain Regex("STATUS +RUN +ACTION")
        }

        test("resolve settles a run that ended without a word, and nothing else") {
            val approved = Approved(broker, requester)
            approved.report(approved.claimed(), "unknown").status shouldBe 200
            terminal.run("resolve", approved.id, "--outcome", "succeeded", "--detail", "the bank says so").well().out shouldContain
                "succeeded"
            requester.read(approved.id).text("execution.detail") shouldBe "the bank says so"
            terminal.run("resolve", requester.asked(), "--outcome", "failed").badly()
        }

        test("answer takes the oldest pending request, decides it, and ends with --once") {
            broker.admin.get("/v1/inbox?status=pending&limit=100").ids.forEach { terminal.run("cancel", it).well() }
            val first = requester.asked("summary" to "the first")
            val second = requester.asked("summary" to "the second")
            terminal.run("answer", "--once", "--decide", "deny", "--note", "no").well().out.let {
                it shouldContain "the first"
                it shouldContain "denied"
                it shouldNotContain "the second"
            }
            requester.read(first).text("decision.note") shouldBe "no"
            requester.read(second).text("status") shouldBe "pending"
            terminal.run("answer", "--once", "--decide", "approve").well()
            requester.read(second).text("status") shouldBe "approved"
        }

        test("an unknown id, or one that can't be, is one clear line and exit 1") {
            listOf("show", "approve", "deny", "cancel").forEach { terminal.run(it, ids.approval()).badly("not_found") }
            listOf("no such id", "ap_\u001b[31m", "../admin/keys", "?status=pending", "ap_x/cancel", "%zz", "é").forEach { id ->
                listOf("show", "approve").forEach { terminal.run(it, id).badly("not_found") }
            }
            terminal.run("resolve", ids.approval(), "--outcome", "failed").badly("not_found")
        }

        test("text that could rewrite the terminal is shown as its codes") {
            val hostile = "pay \u001b[2J\u001b[31mnothing\u202e gnp.\u2066\u200b\r\nap_fake is approved\u0007\u009b1A"
            val id = requester.asked(
                "summary" to hostile,
                "action" to hostile,
                "reason" to hostile,
                "requested_by" to hostile,
                "context" to json(hostile to hostile),
            )
            val outputs = listOf(
                terminal.run("list", "--status", "pending").well().out,
                terminal.run("show", id).well().out,
                terminal.run("deny", id, "--note", hostile).well().out,
            )
            outputs.forEach { out ->
                out.filter { it != '\n' && (it.isISOControl() || Character.getType(it).toByte() == Character.FORMAT) } shouldBe ""
                out.lines().none { it.trim().startsWith("ap_fake") } shouldBe true
                out shouldContain "\\u001b"
                out shouldContain "\\u202e"
            }
        }
    })
