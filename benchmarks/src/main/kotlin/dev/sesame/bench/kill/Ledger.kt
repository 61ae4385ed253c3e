package dev.sesame.bench.kill

import dev.sesame.Approval
import dev.sesame.bench.text
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.APPEND
import java.nio.file.StandardOpenOption.CREATE
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.LongAdder

/** What can be acknowledged. */
internal enum class Act { OPEN, DECISION, CLAIM, OUTCOME }

/** Everything that was acknowledged, what is still to do, and what was found broken. */
internal class Ledger {
    val cases = ConcurrentHashMap<String, Case>()
    val toDecide = ConcurrentLinkedQueue<Case>()
    val toClaim = ConcurrentLinkedQueue<Case>()
    val toReport = ConcurrentLinkedQueue<Case>()

    /** Calls that got no answer. */
    val inDoubt = LongAdder()

    /** Each is a broken promise, in words. */
    val broken = ConcurrentLinkedQueue<String>()
    private val counts = Act.entries.associateWith { LongAdder() }
    private val touched: MutableSet<Case> = ConcurrentHashMap.newKeySet()
    private val lines = ConcurrentLinkedQueue<String>()

    fun count(act: Act): Long = counts.getValue(act).sum()

    fun acknowledged(act: Act, case: Case, document: JsonObject) {
        case.acknowledge(document)
        noted(act, case, Case.stageOf(document))
    }

    /** The SDK was told that its question is on the disk; again after a cut, or to another replica. */
    fun askedBySdk(approval: Approval) {
        val case = cases.getValue(checkNotNull(approval.dedupKey))
        synchronized(case) {
            if (case.id == null) {
                case.requestHash = approval.requestHash
                case.id = approval.id
                noted(Act.OPEN, case, Case.PENDING)
                toDecide += case
            } else if (case.id != approval.id || case.requestHash != approval.requestHash) {
                broken += "$case was asked again as ${approval.id}"
            }
        }
    }

    fun touch(case: Case) {
        touched += case
    }

    /** What anything was done to since this was last asked. */
    fun takeTouched(): List<Case> = touched.toList().also { touched.removeAll(it.toSet()) }

    /** Puts [case] where the next step for it is found. */
    fun queue(case: Case) {
        when (case.stage) {
            Case.PENDING -> toDecide += case
            "approved", "approved/failed" -> if (!case.bySdk) toClaim += case
            Case.CLAIMED -> if (!case.bySdk) toReport += case
        }
    }

    /** Takes out what the inspection reported meanwhile: else the load would find hardly anything else to report, and no kill would hit a report. */
    fun dropReported() {
        toReport.removeIf { it.stage != Case.CLAIMED }
    }

    /** Keeps on the disk what was acknowledged since the last time. */
    fun appendTo(file: Path) {
        val fresh = generateSequence { lines.poll() }.toList()
        Files.write(file, fresh, CREATE, APPEND)
    }

    private fun noted(act: Act, case: Case, stage: String) {
        counts.getValue(act).increment()
        touched += case
        lines += buildJsonObject {
            put("acknowledged", act.name.lowercase())
            put("dedup_key", case.dedupKey)
            put("id", case.id)
            put("stage", stage)
            case.acknowledged?.text("decided_at")?.let { put("decided_at", it) }
        }.toString()
    }
}
