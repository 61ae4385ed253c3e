package dev.sesame.rules

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.encodeToJsonElement
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject

/** What a rule wants of the asking, under the names of the policy's file; what it leaves as it is isn't there. */
public fun ApprovalTerms.toJson(): JsonObject = buildJsonObject {
    if (approvalsRequired > 1) put("approvals_required", approvalsRequired)
    if (groups.isNotEmpty()) putList("groups", groups.toList())
    if (approvalsPerGroup.isNotEmpty()) put("approvals_per_group", Json.encodeToJsonElement(approvalsPerGroup))
    allowSelf?.let { put("allow_self", it) }
    expiresIn?.let { put("expires_in", it.seconds) }
    channels?.let { putList("channels", it.toList()) }
    reminders?.let { times -> putList("reminders", times.map { it.seconds }) }
    escalation?.let {
        putJsonObject("escalation") {
            put("after", it.after.seconds)
            putList("groups", it.groups.toList())
        }
    }
}

private inline fun <reified T> JsonObjectBuilder.putList(name: String, values: List<T>) = put(name, Json.encodeToJsonElement(values))
