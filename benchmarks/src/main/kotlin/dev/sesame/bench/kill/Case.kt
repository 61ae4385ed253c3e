package dev.sesame.bench.kill

import dev.sesame.bench.text
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject
import java.util.concurrent.ConcurrentHashMap

/**
 * One approval as the driver knows it: what the broker acknowledged, and what calls without an answer may have done besides.
 *
 * One worker at a time has it in hand; the SDK's calls only add to [sentAnswers] and to what is said once, its id.
 */
internal class Case(val dedupKey: String, val bySdk: Boolean) {
    @Volatile var id: String? = null

    @Volatile var requestHash: String? = null

    /** The latest document that came with a 2xx. */
    @Volatile var acknowledged: JsonObject? = null

    /** Which answers were ever sent, acknowledged or not. */
    val sentAnswers: MutableSet<String> = ConcurrentHashMap.newKeySet()

    /** Where calls without an answer may have brought it. */
    val possible = HashSet<String>()

    /** Who asked for the present claim, and the token that one of them was given. */
    val claimants = ArrayList<String>()
    var token: String? = null

    /** The last report that was acknowledged, for sending it again. */
    var report: JsonObject? = null

    /** A call about it got no answer: it is in nobody's queue until the inspection has looked. */
    @Volatile var isInDoubt = false

    val stage: String get() = acknowledged?.let(::stageOf) ?: PENDING

    /** The body of its `POST /v1/approvals`: the same each time. */
    fun question(): JsonObject = buildJsonObject {
        put("action", ACTION)
        put("summary", "Refund $dedupKey")
        putJsonObject("context") {
            put("key", dedupKey)
            put("cents", dedupKey.hashCode())
        }
        put("dedup_key", dedupKey)
        put("expires_in", LONG_SECONDS)
    }

    fun acknowledge(document: JsonObject) {
        acknowledged = document
        possible.clear()
    }

    /** What is wrong with the document as the broker tells it after a restart. */
    fun complaints(found: JsonObject): List<String> {
        val mine = acknowledged
        val moved = stageOf(found) != stage
        return listOfNotNull(
            "has another request_hash".takeIf { found.text("request_hash") != requestHash },
            "is ${stageOf(found)}: acknowledged as $stage, possibly ${possible.joinToString()}".takeIf { !mayStandAt(stageOf(found)) },
        ) + mine.orEmpty().keys.filter { it !in mayMove(moved) && mine?.get(it) != found[it] }
            .map { "has another $it than acknowledged: ${found[it]} instead of ${mine?.get(it)}" }
    }

    private fun mayStandAt(there: String): Boolean = when {
        there == stage || there in possible -> true

        // How far the SDK got with the block is its own affair.
        bySdk -> statusIn(there) == statusIn(stage) || (stage == PENDING && possible.any { statusIn(it) == statusIn(there) })

        else -> false
    }

    private fun mayMove(moved: Boolean): Set<String> = when {
        stage == PENDING && moved -> setOf("status", "decided_at", "valid_until", "votes", "decision", "execution")
        moved || bySdk -> setOf("execution")
        else -> emptySet()
    }

    override fun toString(): String = "$dedupKey (${id ?: "no id yet"})"

    companion object {
        const val ACTION = "bench.kill"
        const val PENDING = "pending"
        const val CLAIMED = "approved/claimed"

        /** Beyond any run of this. */
        private const val LONG_SECONDS = 7_200

        /** Its status, and how far the run got: `approved/claimed`. */
        fun stageOf(document: JsonObject): String =
            listOfNotNull(document.text("status"), (document["execution"] as? JsonObject)?.text("state")).joinToString("/")

        private fun statusIn(stage: String) = stage.substringBefore('/')
    }
}
