package dev.sesame.broker.simulation

import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.broker.approval.Claimed
import dev.sesame.rules.ApprovalRecord

/** What callers were told and what they did, as they remember it: nothing of it may turn out wrong, whatever died since. */
internal class Said(private val watch: Watch) {
    private class Run(var word: ExecutionState? = null, var isKnown: Boolean = false, var isWrittenOff: Boolean = false)

    private val promises = ArrayList<Promise>()
    private val runs = HashMap<String, MutableList<Run>>()
    private val idsOf = HashMap<String, MutableSet<String>>()

    /** The caller was told so of [id]; it has to be so from then on. */
    fun promised(id: String, what: String, holds: (ApprovalRecord) -> Boolean) {
        promises += Promise(id, what, holds).also { it.mustHold() }
    }

    fun opened(key: String, id: String) {
        promised(id, "it is asked") { true }
        val all = idsOf.getOrPut(key, ::LinkedHashSet).apply { add(id) }
        must("5: one key is one approval", all.count { watch.find(it).status != ApprovalStatus.CANCELLED } <= 1)
    }

    /** A block begins; where [deliberate], its program has said that it knows of a run without an end. Returns what its word goes to. */
    fun runs(granted: Claimed.Granted, deliberate: Boolean): (ExecutionState) -> Unit {
        val id = granted.record.id
        promised(id, "it may run") { it.status == ApprovalStatus.APPROVED }
        must("4: the claim is for what was approved", granted.record.contextHash == watch.find(id).contextHash)
        val earlier = runs.getOrPut(id, ::ArrayList)
        must("4: nothing runs after a success that was acknowledged", earlier.none { it.word == ExecutionState.SUCCEEDED && it.isKnown })
        must("4: nothing runs twice", deliberate || earlier.all { it.word == ExecutionState.FAILED })
        val run = Run().also(earlier::add)
        return { if (!run.isWrittenOff) run.word = it }
    }

    /**
     * An admin has said what became of a run; where it is that nothing has run, it may run again. A block that goes on nevertheless can't be
     * called back: its own word comes too late.
     */
    fun settled(record: ApprovalRecord) {
        if (record.progress.execution?.state != ExecutionState.FAILED) return
        runs[record.id].orEmpty().forEach {
            it.word = ExecutionState.FAILED
            it.isWrittenOff = true
        }
    }

    fun succeeded(id: String) {
        runs.getValue(id).filter { it.word == ExecutionState.SUCCEEDED }.forEach { it.isKnown = true }
        promised(id, "it has run") { it.progress.execution?.state == ExecutionState.SUCCEEDED }
    }

    fun holds() = promises.forEach { it.mustHold() }

    private inner class Promise(private val id: String, private val what: String, private val holds: (ApprovalRecord) -> Boolean) {
        fun mustHold() = must("7: of $id it was said that $what", holds(watch.find(id)))
    }
}
