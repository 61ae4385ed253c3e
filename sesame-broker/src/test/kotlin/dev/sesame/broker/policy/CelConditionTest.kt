package dev.sesame.broker.policy

import io.kotest.core.spec.style.FunSpec
import io.kotest.datatest.withData
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf

private const val CONTEXT = """{"amount": 100, "name": "ana", "tags": ["eu", "new"], "note": null, "ok": true, "items": [{"n": 1}, {}]}"""

private fun truthOf(condition: String, facts: Facts = facts(CONTEXT, requestedBy = "bob")): Truth =
    CelCondition.of(condition).shouldBeInstanceOf<Compiled.Ready>().condition.judge(facts)

class CelConditionTest :
    FunSpec({
        withData(
            nameFn = { "it holds: $it" },
            "true",
            "context.amount == 100 && context.amount < 100.5 && context.amount in [100]",
            "context.name.startsWith('a') && context.name.matches('^[a-z]+$')",
            "has(context.amount) && !has(context.missing)",
            "'eu' in context.tags && context.tags.exists(t, t == 'new')",
            "context.note == null",
            "context.ok",
            "action == 'payments.refund' && requester == 'shop' && requested_by == 'bob'",
            "requested_by != null && requested_by.endsWith('b')",
            "risk_score == null",
            "now == timestamp('2026-11-20T12:00:00Z') && now.getHours('Europe/Berlin') == 13 && now.getDayOfWeek() == 5",
            "now - timestamp('2026-11-20T00:00:00Z') == duration('12h')",
        ) { truthOf(it) shouldBe Truth.Holds }

        withData(
            nameFn = { "it doesn't hold: $it" },
            "false",
            "context.amount > 100",
            "context.name == 'Ana'",
            "has(context.missing)",
            "risk_score != null && risk_score < 0.5",
        ) { truthOf(it) shouldBe Truth.DoesNotHold }

        withData(
            nameFn = { "it can't be evaluated: $it" },
            "context.missing < 5",
            "!(context.missing < 5)",
            "context.name < 5",
            "context.note < 5",
            "risk_score < 0.5",
            "context.items.all(i, i.n < 5)",
            "context.tags[7] == 'eu'",
            "context.amount / 0.0 > 1.0 && 1 / 0 == 1",
            "context.name",
            "context.amount",
            "int(context.name) == 1",
            "context.name.matches('(')",
            "now.getHours('Nowhere/Land') == 1",
        ) { truthOf(it).shouldBeInstanceOf<Truth.Failed>() }

        test("why it can't be evaluated quotes nothing of the context") {
            val secret = facts("""{"name": "hunter2"}""")
            listOf("int(context.name) == 1", "context[context.name] == 1", "timestamp(context.name) == now").forEach {
                val failed = truthOf(it, secret).shouldBeInstanceOf<Truth.Failed>()
                ("hunter2" in failed.why) shouldBe false
            }
        }

        test("one side of || may be missing where the other holds, and of && where it doesn't") {
            truthOf("context.missing < 5 || context.ok") shouldBe Truth.Holds
            truthOf("context.missing < 5 && !context.ok") shouldBe Truth.DoesNotHold
            truthOf("context.missing < 5 && context.ok").shouldBeInstanceOf<Truth.Failed>()
        }

        test("100 and 100.0, which have one canonical form, are one number") {
            listOf("100", "100.0", "1e2").forEach {
                truthOf("context.a == 100 && context.a == 100.0 && context.a * 2.0 == 200.0", facts("""{"a": $it}""")) shouldBe Truth.Holds
            }
        }

        withData(
            nameFn = { "it isn't a condition: $it" },
            "",
            "1 +",
            "amount < 5",
            "'yes'",
            "context.amount + 1",
            "risk_score == 'low'",
            "requested_by < 5",
            "size(action)",
            "context.?amount == 1",
            "nonsense(context)",
            "a = 1",
        ) { CelCondition.of(it).shouldBeInstanceOf<Compiled.Wrong>() }

        test("what is wrong is told with its place") {
            val wrong = CelCondition.of("true &&\n  nope").shouldBeInstanceOf<Compiled.Wrong>()
            wrong.line to wrong.column shouldBe (2 to 2)
            wrong.problem shouldBe "undeclared reference to 'nope' (in container '')"
        }
    })
