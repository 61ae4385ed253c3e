package dev.sesame

/**
 * What became of [Sesame.executeIfAllowed]: the block ran and returned a value, or it didn't start. Look at [hasRun] first, or let
 * [getOrThrow] throw.
 */
public class GatedRun<T> internal constructor(
    /** What the policy said. */
    public val decision: GateDecision,
    /** Whether the block ran, and returned. */
    @get:JvmName("hasRun") public val hasRun: Boolean,
    private val value: T?,
) {
    /** What the block returned; [NotPermittedException] where it didn't run. */
    @Suppress("UNCHECKED_CAST") // a block that ran gave a T
    public fun getOrThrow(): T = if (hasRun) value as T else throw NotPermittedException(decision)

    /** What the block returned; `null` where it didn't run. */
    public fun getOrNull(): T? = value

    /** For logs: never the value. */
    override fun toString(): String = "GatedRun($decision, ${if (hasRun) "ran" else "not run"})"
}
