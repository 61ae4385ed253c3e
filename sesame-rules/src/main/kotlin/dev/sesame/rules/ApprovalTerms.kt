package dev.sesame.rules

import java.time.Duration

/** What a policy's rule wants of the asking; what it doesn't name stays as the caller asked. */
public data class ApprovalTerms(
    /** At least so many people must approve. */
    val approvalsRequired: Int = 1,
    /** Only people of these groups may answer; empty where the rule doesn't say. */
    val groups: Set<String> = emptySet(),
    /** So many people of each of these groups must approve. */
    val approvalsPerGroup: Map<String, Int> = emptyMap(),
    /** Whether the person who stands behind the requester may answer it too; `null` leaves that to how the requester was made. */
    val allowSelf: Boolean? = null,
    /** How long people have where the caller doesn't say, and at most where the caller does. */
    val expiresIn: Duration? = null,
    /** Over which channels people are told of it; `null` is all of them, empty none but the inbox. */
    val channels: Set<String>? = null,
    /** How long after the asking those are told again who haven't answered; `null` is the usual times. */
    val reminders: List<Duration>? = null,
    /** Who else may answer where nobody has decided after a time. */
    val escalation: EscalationTerms? = null,
) {
    public companion object {
        /**
         * What satisfies all of [all] at once; `null` where nobody could: each names groups, and no group is among those of every one.
         *
         * It is needed where it can't be known which of several rules applies.
         */
        public fun strictest(all: List<ApprovalTerms>): ApprovalTerms? {
            val groups = all.map { it.groups }.filter { it.isNotEmpty() }.inAll()
            if (groups != null && groups.isEmpty()) return null
            return ApprovalTerms(
                approvalsRequired = all.maxOfOrNull { it.approvalsRequired } ?: 1,
                groups = groups.orEmpty(),
                approvalsPerGroup = all.flatMap { it.approvalsPerGroup.entries }.groupBy({ it.key }, { it.value })
                    .mapValues { (_, counts) -> counts.max() },
                allowSelf = all.map { it.allowSelf }.let { said -> if (false in said) false else said.distinct().singleOrNull() },
                expiresIn = all.mapNotNull { it.expiresIn }.minOrNull(),
                channels = all.mapNotNull { it.channels }.inAll(),
                reminders = all.firstNotNullOfOrNull { it.reminders },
                escalation = EscalationTerms.strictest(all.map { it.escalation }),
            )
        }
    }
}

/** People of these [groups] may answer too where nobody has decided [after] so long. */
public data class EscalationTerms(val after: Duration, val groups: Set<String>) {
    internal companion object {
        /** It lets more people answer, so every one must want it; then it comes with the last of them. */
        fun strictest(all: List<EscalationTerms?>): EscalationTerms? {
            val wanted = all.filterNotNull()
            val groups = wanted.map { it.groups }.inAll()
            if (wanted.size < all.size || groups.isNullOrEmpty()) return null
            return EscalationTerms(wanted.maxOf { it.after }, groups)
        }
    }
}

/** What is in every one of them; `null` where there are none. */
private fun List<Set<String>>.inAll(): Set<String>? = reduceOrNull { common, others -> common intersect others }
