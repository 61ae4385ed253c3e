package dev.sesame.rules

import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.intOrNull

/** How many people must approve, and who. */
internal class Required(val approvals: Int, val groups: List<String>, val perGroup: Map<String, Int>)

/** Reads `approvals_required`, `groups` and `approvals_per_group`, which must agree with each other. */
internal fun Fields.required(): Required {
    val perGroup = jsonObject("approvals_per_group")?.let(::counts).orEmpty()
    val groups = texts("groups", MOST_GROUPS, GROUP_NAME) ?: perGroup.keys.toList()
    val strangers = perGroup.keys - groups.toSet()
    if (strangers.isNotEmpty()) {
        refuse<Unit>(
            "approvals_per_group",
            "names what is not in groups: ${strangers.joinToString().take(LONGEST_TOLD)}",
        )
    }
    val least = maxOf(1, perGroup.values.sum())
    if (least > MOST_APPROVALS) refuse<Unit>("approvals_per_group", "may ask for at most $MOST_APPROVALS people in all, not $least")
    val approvals = whole("approvals_required", 1L..MOST_APPROVALS)?.toInt() ?: least
    if (approvals < least) refuse<Unit>("approvals_required", "must be at least $least, for approvals_per_group asks for so many")
    return Required(approvals, groups, perGroup)
}

private fun Fields.counts(sent: JsonObject): Map<String, Int> {
    if (sent.size > MOST_GROUPS) refuse<Unit>("approvals_per_group", "may name at most $MOST_GROUPS")
    return sent.entries.take(MOST_GROUPS).mapNotNull { (group, value) ->
        val count = (value as? JsonPrimitive)?.takeIf { !it.isString }?.intOrNull?.takeIf { it in 1..MOST_APPROVALS }
        count?.let { group to it } ?: refuse("approvals_per_group", "must hold whole numbers from 1 to $MOST_APPROVALS")
    }.toMap()
}

/** The name of a group. */
public val GROUP_NAME: IntRange = 1..100
private const val MOST_GROUPS = 10
internal const val MOST_APPROVALS: Int = 10
private const val LONGEST_TOLD = 200
