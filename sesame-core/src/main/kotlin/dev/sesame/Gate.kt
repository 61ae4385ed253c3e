package dev.sesame

import dev.sesame.internal.contextFrom
import kotlinx.serialization.KSerializer
import kotlinx.serialization.serializer
import kotlin.time.Duration

/**
 * A function that passes only with an approval: made once with [Sesame.gate], called like any function.
 *
 * What is approved is what runs: the arguments are the context, and the function gets them as approved.
 */
public class Gate<A, T> @PublishedApi internal constructor(
    private val sesame: Sesame,
    private val action: String,
    private val arguments: KSerializer<A>,
    private val summary: (A) -> String,
    private val timeout: Duration?,
    private val editable: List<String>,
    private val approvalsRequired: Int,
    private val groups: List<String>,
    private val function: suspend (A) -> T,
) {
    /** Asks, waits, and runs the function on a yes; returns and throws as [Sesame.approve] does. [dedupKey] makes it crash-safe. */
    public suspend operator fun invoke(arguments: A, dedupKey: String? = null): T {
        val request = ApprovalRequest(
            action,
            summary(arguments),
            context = contextFrom(this.arguments, arguments),
            dedupKey = dedupKey,
            editable = editable,
            approvalsRequired = approvalsRequired,
            groups = groups,
        )
        var started = false
        return sesame.approve(request, timeout, safeToRetry = { !started }) { approval ->
            val approved = approval.contextAs(this.arguments)
            started = true
            function(approved)
        }
    }

    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "Gate($action)"
}

/**
 * Puts a gate in front of [function]. `A` is any serializable class; its fields are what the human sees.
 *
 * @param summary the line the human reads; made of the action and the arguments where not given.
 * @param timeout as in [Sesame.approve], like [editable], [approvalsRequired] and [groups].
 */
public inline fun <reified A, T> Sesame.gate(
    action: String,
    noinline summary: (A) -> String = { defaultSummary(action, serializer<A>(), it) },
    timeout: Duration? = null,
    editable: List<String> = emptyList(),
    approvalsRequired: Int = 1,
    groups: List<String> = emptyList(),
    noinline function: suspend (A) -> T,
): Gate<A, T> = Gate(this, action, serializer<A>(), summary, timeout, editable, approvalsRequired, groups, function)

@PublishedApi
internal fun <A> defaultSummary(action: String, arguments: KSerializer<A>, value: A): String {
    val shown = contextFrom(arguments, value).entries.joinToString { (name, argument) -> "$name = $argument" }
    return "Run $action with $shown".let { if (it.length <= LONGEST_SUMMARY) it else it.take(LONGEST_SUMMARY - 1) + "…" }
}

private const val LONGEST_SUMMARY = 500
