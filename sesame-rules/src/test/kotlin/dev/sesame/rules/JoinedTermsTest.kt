package dev.sesame.rules

import dev.sesame.Mode
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.datatest.withData
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import java.time.Duration

private fun question(asked: String, terms: ApprovalTerms, allowSelf: Boolean = false, dedupKey: String = "k"): Question = readAsked(
    Json.parseToJsonElement("""{"action": "a", "summary": "b", "dedup_key": "$dedupKey"${if (asked.isEmpty()) "" else ", $asked"}}""")
        .jsonObject,
    Mode.LIVE,
    noon,
) { null }.toQuestion("ap_1", Mode.LIVE, "req", "shop", noon, allowSelf, PolicyRuling.ask("two eyes", null, terms))

private fun terms(approvals: Int = 1, vararg groups: String, each: Map<String, Int> = emptyMap(), to: Set<String> = emptySet()) =
    ApprovalTerms(
        approvals,
        groups.toSet(),
        each,
        escalation = to.takeIf { it.isNotEmpty() }?.let { EscalationTerms(Duration.ofMinutes(1), it) },
    )

/** What a caller asks, what a rule wants, and what is asked of people by both. */
private class Case(val asked: String, val terms: ApprovalTerms, val joined: Demand, val escalatesTo: List<String>? = null)

/** How a rule's terms and a caller's are joined: it tightens what was asked, and never weakens it. */
class JoinedTermsTest :
    FunSpec({
        withData(
            nameFn = { "\"${it.asked}\" and ${it.terms} is ${it.joined}, later ${it.escalatesTo}" },
            Case("", terms(), Demand()),
            Case("\"approvals_required\": 3", terms(2), Demand(3)),
            Case("\"approvals_required\": 2", terms(3), Demand(3)),
            Case("", terms(1, "ops"), Demand(1, listOf("ops"))),
            Case("\"groups\": [\"ops\"]", terms(), Demand(1, listOf("ops"))),
            Case("\"groups\": [\"a\", \"b\", \"c\"]", terms(1, "c", "d", "b"), Demand(1, listOf("b", "c"))),
            Case("", terms(1, each = mapOf("ops" to 2)), Demand(2, listOf("ops"), mapOf("ops" to 2))),
            Case("", terms(4, "ops", "a", each = mapOf("ops" to 2)), Demand(4, listOf("ops", "a"), mapOf("ops" to 2))),
            Case(
                "\"groups\": [\"a\", \"b\"], \"approvals_per_group\": {\"a\": 1, \"b\": 2}",
                terms(1, each = mapOf("a" to 2, "b" to 1)),
                Demand(4, listOf("a", "b"), mapOf("a" to 2, "b" to 2)),
            ),
            Case("\"groups\": [\"a\", \"b\"]", terms(1, each = mapOf("b" to 1)), Demand(1, listOf("a", "b"), mapOf("b" to 1))),
            Case("", terms(1, "ops", to = setOf("board")), Demand(1, listOf("ops")), listOf("board")),
            Case("\"groups\": [\"ops\"]", terms(1, "ops", to = setOf("board")), Demand(1, listOf("ops"))),
            Case("\"groups\": [\"ops\", \"board\"]", terms(1, "ops", to = setOf("board", "b")), Demand(1, listOf("ops")), listOf("board")),
            Case("\"groups\": [\"ops\", \"board\"]", terms(to = setOf("board")), Demand(1, listOf("ops", "board"))),
            Case("", terms(to = setOf("board")), Demand()),
        ) {
            val question = question(it.asked, it.terms)
            Demand(question.approvalsRequired, question.groups, question.approvalsPerGroup) shouldBe it.joined
            question.escalation shouldBe it.escalatesTo?.let { groups -> EscalationPlan(noon.plusSeconds(60), groups) }
        }

        withData(
            nameFn = { (asked, terms, field) -> "\"$asked\" and $terms is refused: $field" },
            Triple("\"groups\": [\"a\"]", terms(1, "b", "c"), "groups must have one of those that the rule \"two eyes\" asks: b, c"),
            Triple("\"groups\": [\"a\"]", terms(1, each = mapOf("security" to 1)), "groups leave out security, together with those of"),
            Triple("\"approvals_per_group\": {\"a\": 1}", terms(1, each = mapOf("security" to 1)), "groups leave out security"),
            Triple("\"groups\": [\"a\", \"b\"], \"approvals_per_group\": {\"a\": 1}", terms(1, "b"), "groups leave out a, together"),
            Triple(
                "\"groups\": [\"a\", \"b\"], \"approvals_per_group\": {\"a\": 6}",
                terms(1, each = mapOf("b" to 5)),
                "approvals_per_group asks for 11 people in all, together with the rule \"two eyes\"; at most 10 can be",
            ),
        ) { (asked, terms, problem) ->
            val refused = shouldThrow<Problem> { question(asked, terms) }
            refused.code shouldBe ProblemCode.INVALID
            "${refused.fields.single().field} ${refused.fields.single().message}" shouldContain problem
        }

        test("the rule says whether the owner may answer, and where it doesn't, the requester") {
            listOf(true to true, true to false, false to true, false to false, null to true, null to false)
                .map { (rule, requester) ->
                    question("", ApprovalTerms(allowSelf = rule), allowSelf = requester).allowSelf
                } shouldContainExactly
                listOf(true, true, false, false, true, false)
        }

        test("channels, reminders and the latest end are kept as the rule says") {
            val question =
                question("", ApprovalTerms(channels = emptySet(), reminders = listOf(Duration.ofHours(1)), expiresIn = Duration.ofHours(2)))
            question.channels shouldBe emptyList()
            question.isToldOver("push") shouldBe false
            question.remindAfterSeconds shouldBe listOf(3_600)
            question.latestExpiry shouldBe noon + Duration.ofHours(2)
            question("", ApprovalTerms()).isToldOver("push") shouldBe true
        }

        val tightened = listOf(
            terms(),
            terms(2),
            terms(3, "ops", "a", "b", each = mapOf("ops" to 1), to = setOf("board")),
            terms(1, "a", "b", each = mapOf("b" to 2)),
        )
        listOf("", "\"groups\": [\"a\", \"b\", \"ops\"]", "\"approvals_required\": 2").forEach { asked ->
            test("the same call finds what was asked under any other policy: $asked") {
                tightened.forEach { before ->
                    tightened.forEach { now ->
                        val again = question(asked, now).copy(id = "ap_2")
                        ApprovalRules.open(again, pending(question(asked, before)), noon) shouldBe Ruling.Granted(null)
                    }
                }
            }

            test("and another call is in conflict with it under every policy: $asked") {
                listOf("\"approvals_required\": 4", "\"groups\": [\"a\", \"b\", \"ops\", \"x\"]").forEach { other ->
                    tightened.forEach { now ->
                        val ruling = ApprovalRules.open(
                            question(other, now).copy(id = "ap_2"),
                            pending(question(asked, tightened[2])),
                            noon,
                        )
                        Outcome.of(ruling) shouldBe Outcome(null, Refusal.DEDUP_CONFLICT)
                    }
                }
            }
        }

        test("what was kept when only the number was remembered is found by the same call still") {
            val json = Json { ignoreUnknownKeys = true }
            val kept = json.encodeToJsonElement(
                Question.serializer(),
                question("", terms()).copy(approvalsRequired = 2, approvalsAsked = 1),
            )
            val old = json.decodeFromJsonElement(Question.serializer(), kept)
            json.encodeToJsonElement(Question.serializer(), old) shouldBe kept
            ApprovalRules.open(question("", terms(3, "ops")).copy(id = "ap_2"), pending(old), noon) shouldBe Ruling.Granted(null)
        }
    })
