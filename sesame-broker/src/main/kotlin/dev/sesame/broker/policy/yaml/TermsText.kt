package dev.sesame.broker.policy.yaml

import dev.sesame.rules.ApprovalTerms
import dev.sesame.rules.EscalationTerms
import java.time.Duration

/** What a rule wants of the asking. */
internal fun readTerms(keys: Keys): ApprovalTerms {
    val groups = keys.texts("groups", 1..LONGEST_NAME, MOST_APPROVALS).orEmpty().toSet()
    val perGroup = keys.counts("approvals_per_group", 1..LONGEST_NAME, 1..MOST_APPROVALS, MOST_APPROVALS).orEmpty()
    val inAll = keys.whole("approvals_required", 1..MOST_APPROVALS)
    perGroup.keys.find {
        groups.isNotEmpty() && it !in groups
    }?.let { throw keys.wrong("approvals_per_group", "names $it, which isn't in groups") }
    val least = perGroup.values.sum()
    if (least > MOST_APPROVALS) throw keys.wrong("approvals_per_group", "asks for $least people, at most $MOST_APPROVALS can be")
    if (inAll != null && inAll < least) throw keys.wrong("approvals_required", "is less than the $least of approvals_per_group")
    val expiresIn = keys.whole("expires_in", TERM_SECONDS)
    return ApprovalTerms(
        approvalsRequired = inAll ?: least.coerceAtLeast(1),
        groups = groups,
        approvalsPerGroup = perGroup,
        allowSelf = keys.flag("allow_self"),
        expiresIn = expiresIn?.toSeconds(),
        channels = readChannels(keys),
        reminders = keys.growing("reminders", REMINDER_SECONDS, MOST_REMINDERS)?.map { it.toSeconds() },
        escalation = readEscalation(keys, groups.ifEmpty { perGroup.keys }, expiresIn),
    )
}

private fun readChannels(keys: Keys): Set<String>? {
    val names = keys.texts("channels", 1..LONGEST_NAME, CHANNELS.size, atLeast = 0) ?: return null
    names.find { it !in CHANNELS }?.let { throw keys.wrong("channels", "names $it; there are ${CHANNELS.joinToString()}") }
    return names.toSet()
}

/** What would change nothing is refused: whoever writes it counts on it. */
private fun readEscalation(keys: Keys, asked: Set<String>, expiresIn: Int?): EscalationTerms? {
    val inner = keys.within("escalation", listOf("after", "groups")) ?: return null
    val after = inner.whole("after", TERM_SECONDS) ?: throw inner.missing("after")
    val groups = inner.texts("groups", 1..LONGEST_NAME, MOST_APPROVALS) ?: throw inner.missing("groups")
    if (asked.isEmpty()) throw keys.wrong("escalation", "goes with groups or approvals_per_group: else everybody may answer at once")
    groups.find { it in asked }?.let { throw inner.wrong("groups", "names $it, which is asked from the beginning") }
    if (asked.size + groups.size > MOST_APPROVALS) throw inner.wrong("groups", "makes more than $MOST_APPROVALS groups in all")
    if (expiresIn != null && after >= expiresIn) throw inner.wrong("after", "must be less than expires_in, $expiresIn: it is over then")
    return EscalationTerms(after.toSeconds(), groups.toSet())
}

private fun Int.toSeconds(): Duration = Duration.ofSeconds(toLong())

/** The keys that go with asking people alone. */
internal val TERM_KEYS: List<String> = listOf(
    "approvals_required",
    "groups",
    "approvals_per_group",
    "allow_self",
    "expires_in",
    "channels",
    "reminders",
    "escalation",
)

/** The names of all channels that this version has, on or off. */
internal val CHANNELS: List<String> = listOf("telegram", "push")
private const val MOST_APPROVALS = 10
private const val MOST_REMINDERS = 5
private val TERM_SECONDS = 10..30 * 86_400
private val REMINDER_SECONDS = 60..30 * 86_400
