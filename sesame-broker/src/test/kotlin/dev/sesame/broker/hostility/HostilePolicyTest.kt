package dev.sesame.broker.hostility

import dev.sesame.broker.policy.CelCondition
import dev.sesame.broker.policy.Compiled
import dev.sesame.broker.policy.Policy
import dev.sesame.broker.policy.PolicyBook
import dev.sesame.broker.policy.facts
import dev.sesame.broker.policy.yaml.BadPolicy
import dev.sesame.broker.policy.yaml.PolicyText
import dev.sesame.hostile.Cases
import dev.sesame.hostile.anyBytes
import dev.sesame.hostile.spoiled
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlin.random.Random

private val policy = """
    # What needs nobody, and what never happens.
    version: 1
    rules:
      - name: small refunds
        action: payments.refund
        requester: [shop, billing]
        when: context.amount < 50 && context.lines.all(l, l.n > 0)
        effect: permit
        reason: "Under 50 EUR nobody has to look."
      - name: 'prod'
        action: [deploy.*, "*"]
        when: |
          risk_score == null || risk_score >= 0.5
        effect: require_approval
        groups: [ops, security]
        approvals_per_group: {ops: 1, security: 2}
        expires_in: 3600
        channels: [telegram, push]
        reminders: [600, 1200]
        escalation: {after: 900, groups: [chiefs]}
        redact: [note, {field: customer.iban, channels: [inbox, stored]}]
      - {name: rest, action: "*", effect: deny}
""".trimIndent()

private val conditions = listOf(
    "context.amount < 50 && context.customer.startsWith('cus_')",
    "context.lines.exists(l, l.n > 1) || size(context.lines) == 0",
    "has(context.a.b) ? context.a.b == 1.5 : action.matches('^pay.*\\\\.refund$')",
    "now > timestamp('2026-01-01T00:00:00Z') + duration('1h') && requested_by in ['a', 'b']",
    "string(context.amount) + 'x' == \"50x\" && int(risk_score * 100.0) % 7 == 0",
)

private val pieces = listOf(
    "(", ")", "[", "]", "{", "}", ".", "..", ",", ":", "?", "!", "-", "--", "+", "*", "/", "%",
    "<", ">=", "==", "&&", "||", "in", "has(", "null",
    "true", "1", "1u", "1.5", "1e999", "9223372036854775808", "0x", "'", "\"", "'''", "r'",
    "b'\\xff'", "'\\ud800'", "\\", "`", "//", "\n",
    "context", "context.amount", "context['a']", "dyn(", "type(", "size(", "matches('(a+)+$')",
    ".map(x, x)", ".all(x, x)", ".filter(x, true)",
    "timestamp('x')",
    "duration('1y')", "int('x')", "[[[[[[[[[[[[",
    "((((((((((((((((((((((((((((((((((((((((", "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!",
)

/** Policies are written by people who may do so; still, one that can't be read is refused with its place, and none brings the broker down. */
class HostilePolicyTest :
    FunSpec({
        val book = facts("""{"amount": 42, "customer": "cus_1", "lines": [{"n": 1}, {"n": 2}], "a": {"b": 1.5}}""", "a", 0.7)

        test("a policy is read, or refused with what is wrong; and what was read can be asked") {
            PolicyText.parse(policy.toByteArray()).rules.size shouldBe 3
            Cases(500).each({ if (it.nextInt(10) == 0) it.anyBytes() else it.spoiled(policy.toByteArray()) }) { bytes ->
                try {
                    val read = PolicyText.parse(bytes)
                    read.rules.size shouldBeLessThanOrEqual Policy.MOST_RULES
                    PolicyBook(read).judge(book)
                } catch (bad: BadPolicy) {
                    bad.problem.length shouldBeLessThanOrEqual 1_000
                }
            }
        }

        test("a condition is compiled, or refused; and what was compiled says yes, no, or that it can't be worked out") {
            Cases(800).each(::condition) { text ->
                val compiled = CelCondition.of(text)
                if (compiled is Compiled.Ready) compiled.condition.judge(book)
            }
        }

        test("what is nested deep is refused, and is not built") {
            listOf("[".repeat(200_000), "- ".repeat(100_000), "? ".repeat(100_000), "{a: ".repeat(50_000), "a:\n".repeat(60_000)).forEach {
                shouldThrow<BadPolicy> { PolicyText.parse(it.toByteArray()) }
            }
        }
    })

private fun condition(random: Random): String = when (random.nextInt(3)) {
    0 -> random.spoiled(conditions.random(random))

    1 -> List(random.nextInt(1, 40)) { pieces.random(random) }.joinToString(if (random.nextBoolean()) " " else "")

    else -> conditions.random(random).split(' ').toMutableList()
        .also { it[random.nextInt(it.size)] = pieces.random(random) }.joinToString(" ")
}
