package dev.sesame.broker.http

import dev.sesame.broker.access.AskingRate
import dev.sesame.broker.approval.JudgeByPolicy
import dev.sesame.broker.inforce.FileWins
import dev.sesame.broker.inforce.Origin
import dev.sesame.broker.inforce.PolicyInForce
import dev.sesame.broker.policy.Effect
import dev.sesame.broker.policy.Rule
import dev.sesame.broker.policy.yaml.BadPolicy
import dev.sesame.broker.policy.yaml.PolicyText
import dev.sesame.broker.store.AccessStore
import dev.sesame.rules.FieldProblem
import dev.sesame.rules.Fields
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.invalid
import dev.sesame.rules.readPolicyCheck
import dev.sesame.rules.toJson
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put

/** What the policy says, for requesters; which one is in force, for admins, who may set it where no file does. */
internal class PolicyRoutes(
    private val callers: Callers,
    private val access: AccessStore,
    private val judge: JudgeByPolicy,
    private val inForce: PolicyInForce,
    private val rate: AskingRate,
) {
    fun install(route: Route) {
        route.post("/v1/policy/check") { check(call) }
        route.get("/v1/admin/policies") { show(call) }
        route.post("/v1/admin/policies") { set(call) }
    }

    private suspend fun check(call: ApplicationCall) {
        val caller = callers.requester(call)
        rate.take(caller.requester.id)
        call.respondJson(judge.check(readPolicyCheck(call.jsonBody()), caller).toJson())
    }

    private suspend fun show(call: ApplicationCall) {
        callers.admin(call)
        Query(call).done()
        call.respondJson(shown())
    }

    private suspend fun set(call: ApplicationCall) {
        val caller = callers.admin(call)
        val fields = Fields(call.jsonBody())
        val text = fields.text("text", 1..PolicyText.LARGEST_BYTES, required = true).orEmpty()
        fields.done()
        try {
            inForce.set(text, caller.approver.id)
        } catch (problem: BadPolicy) {
            throw invalid(FieldProblem("text", problem.message.orEmpty()))
        } catch (problem: FileWins) {
            throw Problem(ProblemCode.FORBIDDEN, problem.message.orEmpty())
        }
        call.respondJson(shown(), HttpStatusCode.Created)
    }

    private suspend fun shown(): JsonObject {
        val standing = inForce.standing
        val setBy = standing.setBy?.let { id -> access.approvers().find { it.id == id }?.name ?: id }
        return jsonObjectOf(
            "in_force" to buildJsonObject {
                put("origin", standing.origin.name.lowercase())
                put("file", inForce.filePath.takeIf { standing.origin == Origin.FILE })
                put("set_by", setBy)
                put("since", standing.since.toString())
                put("sha256", standing.sha256)
                put("rules", JsonArray(standing.policy.rules.map { it.toJson() }))
                put("warnings", JsonArray(standing.warnings.map(::JsonPrimitive)))
                put("text", standing.text.takeIf { standing.origin != Origin.NONE })
            },
            "last_refusal" to (
                inForce.lastRefusal?.let { refusal ->
                    buildJsonObject {
                        put("at", refusal.at.toString())
                        put("problem", refusal.problem)
                        put("is_over", refusal.isOver)
                    }
                } ?: JsonNull
                ),
        )
    }

    private fun Rule.toJson() = buildJsonObject {
        put("name", name)
        put("action", JsonArray(actions.map { JsonPrimitive("$it") }))
        put(
            "effect",
            when (effect) {
                Effect.Permit -> "permit"
                is Effect.RequireApproval -> "require_approval"
                Effect.Deny -> "deny"
            },
        )
        put("terms", (effect as? Effect.RequireApproval)?.terms?.toJson() ?: JsonNull)
    }
}
