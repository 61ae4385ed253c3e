package dev.sesame.broker.cli

import com.github.ajalt.clikt.core.CoreCliktCommand
import dev.sesame.broker.text.shown
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** One request as the human must see it: everything needed to decide, nothing that could imitate the rest. */
internal fun CoreCliktCommand.echoRequest(approval: JsonObject) {
    echo("")
    echo("  ${shown(approval.text("summary"))}")
    echo("  ${shown(approval.text("action"))}, asked by ${shown(approval.text("requester_label"))}${onBehalf(approval)}")
    if (approval.text("reason").isNotEmpty()) echo("  why: ${shown(approval.text("reason"))}")
    if (approval.text("risk_score").isNotEmpty()) echo("  risk: ${approval.text("risk_score")}")
    (approval["context"] as? JsonObject)?.forEach { (name, value) -> echo("  ${shown(name)} = ${shown(inline(value))}") }
    people(approval).forEach { echo("  $it") }
    echo("  ${approval.text("approval_id")} is ${approval.text("status")}${ending(approval)}")
    echo("")
}

private fun onBehalf(approval: JsonObject): String = approval.text("requested_by").let { if (it.isEmpty()) "" else " for ${shown(it)}" }

private fun ending(approval: JsonObject): String {
    val decision = approval["decision"] as? JsonObject ?: return ", open until ${approval.text("expires_at")}"
    val by = (decision["by"] as? JsonObject)?.let { " by ${shown(it.text("name"))}" }.orEmpty()
    val note = decision.text("note").let { if (it.isEmpty()) "" else " (${shown(it)})" }
    val run = (approval["execution"] as? JsonObject)?.let(::run).orEmpty()
    return "$by$note at ${approval.text("decided_at")}$run"
}

private fun run(execution: JsonObject): String {
    val at = listOf("ended_at", "claimed_at").map(execution::text).first { it.isNotEmpty() }
    val detail = execution.text("detail").let { if (it.isEmpty()) "" else " (${shown(it)})" }
    return ", run: ${execution.text("state")} at $at$detail"
}

private fun inline(value: JsonElement): String = when (value) {
    is JsonNull -> "null"
    is JsonPrimitive -> value.content
    is JsonArray, is JsonObject -> Json.encodeToString(value)
}

/** Where more than any one person's word counts: whose, what was said so far, and who is asked later. */
private fun people(approval: JsonObject): List<String> = listOfNotNull(needed(approval)) +
    (approval["votes"] as? JsonArray).orEmpty().map { vote(it as JsonObject) } +
    listOfNotNull((approval["escalation"] as? JsonObject)?.let(::escalation))

private fun needed(approval: JsonObject): String? {
    val perGroup = (approval["approvals_per_group"] as? JsonObject).orEmpty().map { (group, count) ->
        "${inline(count)} of ${shown(group)}"
    }
    val required = approval.text("approvals_required")
    val of = approval.names("groups")
    if (perGroup.isEmpty() && of.isEmpty() && required in setOf("", "1")) return null
    val total = "needs ${required.ifEmpty { "1" }}" + if (of.isEmpty()) "" else " of $of"
    return total + if (perGroup.isEmpty()) "" else ", at least ${perGroup.joinToString()}"
}

private fun vote(vote: JsonObject): String {
    val note = vote.text("note").let { if (it.isEmpty()) "" else " (${shown(it)})" }
    return "${shown((vote["by"] as JsonObject).text("name"))} said ${vote.text("vote")}$note at ${vote.text("at")}"
}

private fun escalation(plan: JsonObject): String {
    val since = plan.text("escalated_at")
    val groups = plan.names("groups")
    return if (since.isEmpty()) "from ${plan.text("at")} on also asks $groups" else "also asks $groups, since $since"
}

private fun JsonObject.names(list: String): String = (this[list] as? JsonArray).orEmpty().joinToString { shown(inline(it)) }
