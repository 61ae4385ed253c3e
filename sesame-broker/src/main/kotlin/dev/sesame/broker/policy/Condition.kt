package dev.sesame.broker.policy

import kotlinx.serialization.json.JsonObject
import java.time.Instant

/** Says of a question whether it holds, without ever throwing: what can't be evaluated is told so, and permits nothing. */
internal fun interface Condition {
    fun judge(facts: Facts): Truth
}

/** What a condition came to. */
internal sealed interface Truth {
    data object Holds : Truth

    data object DoesNotHold : Truth

    /** [why] quotes nothing of what was asked; [detail] may, and is for the eyes of whoever holds both files. */
    data class Failed(val why: String, val detail: String? = null) : Truth
}

/** What a policy may look at. */
internal class Facts(
    val action: String,
    val context: JsonObject,
    /** The name of the program that asks. */
    val requester: String,
    val now: Instant,
    val requestedBy: String? = null,
    val riskScore: Double? = null,
) {
    /** As conditions see it: worked out once, however many of them look at it. */
    val seen: Seen by lazy(LazyThreadSafetyMode.NONE) { Seen(this) }

    override fun toString(): String = "Facts($action, $requester)" // the context is in no log
}
