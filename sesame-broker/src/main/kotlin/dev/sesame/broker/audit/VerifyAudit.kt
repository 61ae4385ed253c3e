package dev.sesame.broker.audit

import dev.sesame.internal.CanonicalJson
import dev.sesame.internal.InternalSesameApi
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.longOrNull

/**
 * Looks through an audit for what was changed behind the broker's back: each entry's hash and place, what was signed about it, and whether the
 * approvals and events that are kept are those that it tells of.
 *
 * The chain alone shows edits, gaps and reorderings. That its end was cut off, or all of it written anew, shows against [witnesses]: receipts
 * and checkpoints that were kept elsewhere.
 */
internal class VerifyAudit(private val reader: AuditReader, witnesses: List<Witness>, known: List<String> = emptyList()) {
    private val problems = known.toMutableList()
    private var head = Head.NONE
    private var eventsBefore = 0L
    private val unseen = witnesses.groupByTo(HashMap()) { it.index }

    fun run(): Verified {
        chain()
        unseen.values.flatten().forEach {
            problem("${it.name} tells of entry ${it.index}, and the audit ends at ${head.seq}: its end was cut off")
        }
        val approvals = approvals()
        reader.missingApprovals(MOST).forEach { problem("$it is told of here, and is gone from the approvals") }
        reader.eventsWithoutEntry(eventsBefore, MOST).forEach { problem("the event $it has no entry, or another one") }
        reader.entriesWithoutEvent(MOST).forEach { problem("entry $it has no event") }
        return Verified(head, approvals, problems.take(MOST), problems.size)
    }

    private fun chain() {
        try {
            reader.entries().forEach(::entry)
        } catch (problem: UnreadableEntry) {
            problem(problem.message!!)
        }
    }

    private fun entry(entry: AuditEntry) {
        if (entry.seq != head.seq + 1) problem("after entry ${head.seq} comes ${entry.seq}")
        if (entry.hash !=
            Head.hashOf(entry.seq, entry.at, entry.fact, previous = head.hash)
        ) {
            problem("the hash of entry ${entry.seq} is not its own")
        }
        if (entry.seq == 1L) {
            if (entry.fact.name != Fact.BEGAN) problem("the audit doesn't begin with its first entry")
            eventsBefore = (entry.fact.details["events_before"] as? JsonPrimitive)?.longOrNull ?: 0
        }
        unseen.remove(entry.seq)?.filter { it.head != entry.hash }?.forEach {
            problem("${it.name} knows another entry ${it.index}: the audit was written anew, up to there at least")
        }
        head = entry.head
    }

    private fun approvals(): Int {
        var count = 0
        reader.approvals().forEach {
            count++
            approval(it)
        }
        return count
    }

    private fun approval(kept: KeptApproval) {
        val step = try {
            reader.newestStep(kept.id)
        } catch (_: UnreadableEntry) {
            return // it was said before
        }
        if (step == null) {
            if (reader.lastEventOf(kept.id) > eventsBefore) problem("${kept.id} is kept, and the audit doesn't know it")
            return
        }
        val details = step.fact.details
        when {
            step.fact.version != kept.version -> problem("${kept.id} is at version ${kept.version}, and the audit at ${step.fact.version}")

            details.text(
                "status",
            ) != kept.status -> problem("${kept.id} is ${kept.status}, and was ${details.text("status")} by entry ${step.seq}")

            details.text(
                "state_hash",
            ) != stateHash(kept.question, kept.progress) -> problem("${kept.id} is not as entry ${step.seq} left it")

            else -> contexts(kept, step)
        }
    }

    private fun contexts(kept: KeptApproval, step: AuditEntry) {
        val action = kept.question.text("action").orEmpty()
        val asked = kept.question["context"] as? JsonObject
        if (asked == null || hash(action, asked) != step.hashOf(LEFT_HASH, "request_hash")) {
            problem("the context of ${kept.id} is not what was asked, by entry ${step.seq}")
        }
        val edited = (kept.progress["decision"] as? JsonObject)?.get("edited_context") as? JsonObject ?: return
        if (hash(action, edited) != step.hashOf(LEFT_EDITED_HASH, "context_hash")) {
            problem("the edited context of ${kept.id} is not what was decided, by entry ${step.seq}")
        }
    }

    /** What was erased is told of with the hash of what is left; what was approved keeps its own. */
    private fun AuditEntry.hashOf(left: String, whole: String): String? =
        if ("redacted" in fact.details) fact.details.text(left) else fact.details.text(whole)

    @OptIn(InternalSesameApi::class)
    private fun hash(action: String, context: JsonObject) = CanonicalJson.requestHash(action, context)

    private fun JsonObject.text(name: String): String? = (get(name) as? JsonPrimitive)?.contentOrNull

    private fun problem(text: String) {
        problems += text
    }

    private companion object {
        /** More than anybody reads. */
        const val MOST = 100
    }
}

/** What was kept elsewhere of an audit: its entry [index] had the hash [head]. */
internal class Witness(val name: String, val index: Long, val head: String)

/** What was found: where the chain ends, how many approvals were compared with it, and the first of [problemCount] problems. */
internal class Verified(val head: Head, val approvals: Int, val problems: List<String>, val problemCount: Int)
