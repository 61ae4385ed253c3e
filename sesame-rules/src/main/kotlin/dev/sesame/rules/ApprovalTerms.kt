package dev.sesame.rules

import java.time.Duration

/** What a policy's rule wants of the asking; what it doesn't name stays as the caller asked. */
public data class ApprovalTerms(
    /** At least so many people must approve. */
    val approvalsRequired: Int = 1,
    /** Only people of these groups may answer; empty where everybody may. */
    val groups: Set<String> = emptySet(),
    /** So many people of each of these groups must approve. */
    val approvalsPerGroup: Map<String, Int> = emptyMap(),
    /** Whether the person who stands behind the requester may answer it too. */
    val allowSelf: Boolean = false,
    /** How long people have where the caller doesn't say, and at most where the caller does. */
    val expiresIn: Duration? = null,
) {
    /** Whether a question can carry all of it: what it can't must never be dropped. */
    internal val isHonoured: Boolean get() = groups.isEmpty() && approvalsPerGroup.isEmpty() && !allowSelf

    public companion object {
        /**
         * What satisfies all of [all] at once; `null` where nobody could: each names groups, and no group is among those of every one.
         *
         * It is needed where it can't be known which of several rules applies.
         */
        public fun strictest(all: List<ApprovalTerms>): ApprovalTerms? {
            val named = all.map { it.groups }.filter { it.isNotEmpty() }
            val groups = named.reduceOrNull { common, others -> common intersect others }
            if (groups != null && groups.isEmpty()) return null
            return ApprovalTerms(
                approvalsRequired = all.maxOfOrNull { it.approvalsRequired } ?: 1,
                groups = groups.orEmpty(),
                approvalsPerGroup = all.flatMap { it.approvalsPerGroup.entries }.groupBy({ it.key }, { it.value })
                    .mapValues { (_, counts) -> counts.max() },
                allowSelf = all.isNotEmpty() && all.all { it.allowSelf },
                expiresIn = all.mapNotNull { it.expiresIn }.minOrNull(),
            )
        }
    }
}
