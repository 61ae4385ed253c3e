package dev.sesame.broker.store.sql

import dev.sesame.broker.audit.AuditEntry
import dev.sesame.broker.audit.Fact
import dev.sesame.broker.audit.Head
import dev.sesame.rules.Transition
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.config.JdbiConfig
import java.time.Instant

/**
 * What a transaction adds to the audit, to the events, and to what is owed. It is kept here, in order, until just before the commit, and then
 * written in a few batches: a group of many writes pays as few round trips as one, and the head of the audit is read once.
 *
 * It belongs to the handle, and lives as long as the transaction: [begin], then whatever the writes add, then [write].
 */
internal class Journal : JdbiConfig<Journal> {
    private val entries = ArrayList<AuditEntry>(0)
    private val happened = ArrayList<Pair<Transition, Instant>>(0)
    private val decided = ArrayList<Owing>(0)
    private val steps = ArrayList<Step>(0)

    /** Where the audit stands with what was added here; `null`: nothing was. */
    var head: Head? = null
        private set

    /** What an earlier transaction left, since it failed, is forgotten. */
    fun begin() {
        entries.clear()
        happened.clear()
        decided.clear()
        steps.clear()
        head = null
    }

    fun add(fact: Fact, at: Instant, standing: () -> Head) {
        val entry = (head ?: standing()).next(fact, at)
        entries += entry
        head = entry.head
    }

    fun add(event: Transition, at: Instant) {
        happened += event to at
    }

    fun add(owing: Owing) {
        decided += owing
    }

    fun add(step: Step) {
        steps += step
    }

    fun write(handle: Handle) {
        if (entries.isNotEmpty()) handle.writeEntries(entries)
        if (happened.isNotEmpty()) handle.writeEvents(happened)
        if (decided.isNotEmpty()) handle.writeOwed(decided)
        if (steps.isNotEmpty()) handle.writeSteps(steps)
        begin()
    }

    /** Each statement has its own copy of all that is configured; this is no part of what a statement needs. */
    override fun createCopy() = Journal()
}

internal val Handle.journal: Journal get() = getConfig(Journal::class.java)

private fun Handle.writeEntries(entries: List<AuditEntry>) {
    val batch = prepareBatch(
        "INSERT INTO audit (seq, at, fact, approval_id, version, details, hash) " +
            "VALUES (:seq, :at, :fact, :approval, :version, :details, :hash)",
    )
    entries.forEach { entry ->
        batch.bind("seq", entry.seq)
            .bind("at", entry.at.toEpochMilli())
            .bind("fact", entry.fact.name)
            .bind("approval", entry.fact.approvalId)
            .bind("version", entry.fact.version)
            .bind("details", entry.fact.details.toString())
            .bind("hash", entry.hash)
            .add()
    }
    batch.execute()
}

private fun Handle.writeEvents(happened: List<Pair<Transition, Instant>>) {
    val batch = prepareBatch(
        "INSERT INTO events (approval_id, requester_id, mode, version, event, is_decision, at) " +
            "VALUES (:id, :requester, :mode, :version, :event, :decision, :at)",
    )
    happened.forEach { (transition, at) ->
        val record = transition.after
        batch.bind("id", record.id)
            .bind("requester", record.question.requesterId)
            .bind("mode", record.question.mode.value)
            .bind("version", record.version)
            .bind("event", transition.event.name.lowercase())
            .bind("decision", if (transition.event.isDecision) 1 else 0)
            .bind("at", at.toEpochMilli())
            .add()
    }
    batch.execute()
}
