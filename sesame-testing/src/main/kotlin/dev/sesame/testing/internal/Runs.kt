package dev.sesame.testing.internal

import dev.sesame.ExecutionState
import dev.sesame.rules.Event

/** How often the block of an approval ran or may have run, by what its callers reported. */
internal class Runs(store: Store, id: String) {
    private val steps = store.history().filter { it.record.id == id }
    private val begun = steps.count { it.event == Event.CLAIMED }
    private val undone = steps.count { it.event == Event.REPORTED && it.record.progress.execution?.state == ExecutionState.FAILED }

    /** Begun, and not reported as having done nothing. */
    val count: Int = begun - undone

    /** How the last one stands; `null` before anyone claimed it. */
    val last: ExecutionState? = steps.lastOrNull()?.record?.progress?.execution?.state

    override fun toString(): String =
        "claimed $begun times, $undone of these reported as having done nothing, the last one ${last ?: "never begun"}"
}
