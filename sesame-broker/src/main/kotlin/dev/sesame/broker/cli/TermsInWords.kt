package dev.sesame.broker.cli

import dev.sesame.rules.ApprovalTerms
import dev.sesame.rules.EscalationTerms

/** What a rule wants of the asking, a line for each thing that it says. */
internal fun ApprovalTerms.inWords(): List<String> = listOfNotNull(
    "$approvalsRequired people must approve".takeIf { approvalsRequired > 1 },
    approvalsPerGroup.takeIf { it.isNotEmpty() }?.entries?.joinToString(" and ", prefix = "of them ") { "${it.value} of ${it.key}" },
    "only people of ${groups.joinToString()} may answer".takeIf { groups.isNotEmpty() },
    allowSelf?.let { "the requester's owner ${if (it) "may" else "may not"} answer, however the requester was made" },
    expiresIn?.let { "people have ${it.seconds} s at most" },
    channels?.let { if (it.isEmpty()) "only the inbox tells them" else "they are told over ${it.joinToString()} and the inbox alone" },
    reminders?.let { times -> if (times.isEmpty()) "nobody is reminded" else "reminded after ${times.joinToString { "${it.seconds} s" }}" },
    escalation?.inWords(),
)

private fun EscalationTerms.inWords() = "after ${after.seconds} s, people of ${groups.joinToString()} may answer too"
