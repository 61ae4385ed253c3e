package dev.sesame.broker.policy

import dev.sesame.rules.ActionPattern
import dev.sesame.rules.ApprovalTerms
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import java.time.Instant

internal val noon: Instant = Instant.parse("2026-11-20T12:00:00Z")

internal fun facts(context: String = "{}", requestedBy: String? = null, riskScore: Double? = null) =
    Facts("payments.refund", json(context), "shop", noon, requestedBy, riskScore)

internal fun json(text: String): JsonObject = Json.parseToJsonElement(text).jsonObject

internal val asking = Effect.RequireApproval(ApprovalTerms())

internal fun rule(name: String, effect: Effect, truth: Truth? = null, action: String = "*", requesters: Set<String> = emptySet()) =
    Rule(name, listOf(ActionPattern.of(action)), requesters, truth?.let { Condition { _ -> it } }, effect)

internal fun judge(vararg rules: Rule) = PolicyBook(Policy(rules.toList())).judge(facts())

internal val broken = Truth.Failed("something that it looks at is missing")
