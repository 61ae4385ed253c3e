package dev.sesame.broker.cli

import dev.sesame.broker.temporaryDirectory
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import java.nio.file.Path
import kotlin.io.path.writeText

private val POLICY =
    """
    version: 1
    rules:
      - name: no payouts at night
        action: payments.payout
        when: now.getHours("Europe/Berlin") < 6
        effect: deny
      - name: the robot
        action: payments.*
        requester: robot
        effect: deny
      - name: small refunds
        action: payments.refund
        when: context.amount < 50 && risk_score < 0.3
        effect: permit
      - name: agents
        action: payments.*
        when: requested_by.startsWith("agent-")
        effect: require_approval
        approvals_required: 2
    """.trimIndent()

class PolicyCommandsTest :
    FunSpec({
        val dir = temporaryDirectory()
        val terminal = Terminal()

        fun file(name: String, text: String): Path = dir.resolve(name).also { it.writeText(text) }

        val policy = "${file("sesame-policy.yaml", POLICY)}"
        val small = "${file("small.json", """{"amount": 20}""")}"

        fun explain(vararg arguments: String) =
            terminal.run("policy", "explain", "payments.refund", "--policy", policy, "--at", "2026-11-20T12:00:00Z", *arguments)

        test("check says how many rules there are") {
            terminal.run("policy", "check", policy).well().out shouldBe "$policy is a policy of 4 rules.\n"
            terminal.run("policy", "check", policy, "--json").well().json["rules"].toString() shouldBe
                """["no payouts at night","the robot","small refunds","agents"]"""
        }

        test("check and explain say what is hidden, and where") {
            val quiet = "${file("quiet.yaml", POLICY + "\n    redact: [note, {field: customer.iban, channels: [inbox]}]")}"
            terminal.run("policy", "check", quiet).well().out shouldContain
                "agents hides note (telegram, push, webhook)\nagents hides customer.iban (inbox)"
            terminal.run("policy", "check", quiet, "--json").well().json["redactions"].toString() shouldContain
                """{"agents":[{"field":"note","channels":["telegram","push","webhook"]},"""
            val of = arrayOf("policy", "explain", "payments.refund", "--policy", quiet, "--context", small, "--requested-by", "agent-7")
            terminal.run(*of, "--risk", "0.9").well().out shouldContain "hidden: customer.iban (inbox)"
            terminal.run(*of, "--risk", "0.9", "--json").well().json["redactions"].toString() shouldContain "customer.iban"
        }

        test("check says in one line where the file is wrong, and exits with 1") {
            val wrong = "${file("wrong.yaml", POLICY.replace("effect: permit", "efect: permit"))}"
            terminal.run("policy", "check", wrong).badly(wrong, "line 14, column 5: efect is no key of a rule")
            val said = terminal.run("policy", "check", wrong, "--json")
            said.code shouldBe 1
            said.json.toString() shouldContain """"valid":false,"line":14,"column":5,"problem":"efect is no key"""
        }

        test("a file that isn't there is told, by check and by explain") {
            terminal.run("policy", "check", "$dir/nothing.yaml").badly("nothing.yaml can't be read")
            explain("--context", "$dir/nothing.json").badly("nothing.json can't be read")
        }

        test("explain tells of each rule, and what comes of it") {
            explain("--context", small, "--risk", "0.1").well().out shouldBe
                """
                no payouts at night (deny): it is about other actions
                the robot (deny): it is about other requesters
                small refunds (permit): it matches
                EXECUTE (rule_permits): the rule "small refunds" permits it

                """.trimIndent()
        }

        test("explain says why a condition couldn't be evaluated, and that nothing is permitted by it") {
            val said = explain("--requested-by", "agent-7", "--risk", "0.1").well()
            said.out shouldContain "small refunds (permit): its condition can't be evaluated: something that it looks at is missing"
            said.out shouldContain "'amount'"
            said.out shouldContain "agents (require_approval): it matches"
            said.out shouldContain "ABSTAIN (condition_failed)"
            said.out shouldContain "2 people must approve"
        }

        test("explain says on which terms people are asked") {
            val rules = """
                version: 1
                rules:
                  - name: two of each
                    action: deploy
                    effect: require_approval
                    approvals_required: 3
                    groups: [ops, security]
                    approvals_per_group: {ops: 1, security: 1}
                    allow_self: false
                    expires_in: 7200
                    channels: [push]
                    reminders: [600, 3600]
                    escalation: {after: 1800, groups: [board]}
            """.trimIndent()
            val file = "${file("terms.yaml", rules)}"
            terminal.run("policy", "explain", "deploy", "--policy", file).well().out shouldBe
                """
                two of each (require_approval): it matches
                ABSTAIN (rule_requires_approval): the rule "two of each" asks people
                3 people must approve
                of them 1 of ops and 1 of security
                only people of ops, security may answer
                the requester's owner may not answer, however the requester was made
                people have 7200 s at most
                they are told over push and the inbox alone
                reminded after 600 s, 3600 s
                after 1800 s, people of board may answer too

                """.trimIndent()
            terminal.run("policy", "explain", "deploy", "--policy", file, "--json").well().json["terms"].toString() shouldBe
                """{"approvals_required":3,"groups":["ops","security"],"approvals_per_group":{"ops":1,"security":1},"allow_self":false,""" +
                """"expires_in":7200,"channels":["push"],"reminders":[600,3600],"escalation":{"after":1800,"groups":["board"]}}"""
            val none = "${file("none.yaml", rules.replace("[push]", "[]").replace("[600, 3600]", "[]"))}"
            terminal.run("policy", "explain", "deploy", "--policy", none).well().out shouldContain
                "only the inbox tells them\nnobody is reminded\n"
        }

        test("explain judges at the time, and for the requester, that it is told") {
            fun payout(vararg more: String) =
                terminal.run("policy", "explain", "payments.payout", "--policy", policy, "--json", *more).well().json

            payout("--at", "2026-11-20T03:00:00Z").text("outcome") shouldBe "HALT"
            payout("--at", "2026-11-20T05:00:00Z", "--requested-by", "ana").text("reason_code") shouldBe "no_rule"
            val robot = payout("--at", "2026-11-20T05:00:00Z", "--requester", "robot")
            robot.text("rule") shouldBe "the robot"
            (robot["steps"] as JsonArray).map { (it as JsonObject).text("match") } shouldBe listOf("condition_is_false", "matches")
        }

        test("the policy's file may come from the environment, as the broker's does") {
            Terminal("SESAME_POLICY_FILE" to policy).run("policy", "explain", "deploy").well().out shouldContain "ABSTAIN (no_rule)"
        }

        test("what is no context, no risk and no time is refused") {
            explain("--context", "${file("list.json", "[1]")}").badly("a context is a JSON object")
            explain("--context", "${file("large.json", "{\"a\": \"${"x".repeat(70_000)}\"}")}").badly("65536 bytes")
            explain("--risk", "2").code shouldBe 1
            terminal.run("policy", "explain", "a", "--policy", policy, "--at", "noon").err shouldContain "RFC 3339"
        }

        test("explain refuses a wrong policy as check does") {
            val wrong = "${file("wrong.yaml", "version: 1")}"
            terminal.run("policy", "explain", "a", "--policy", wrong).badly("line 1, column 1: the policy needs the key rules")
        }
    })
