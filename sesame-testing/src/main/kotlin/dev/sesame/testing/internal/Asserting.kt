package dev.sesame.testing.internal

import dev.sesame.Approval
import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.internal.CanonicalJson
import kotlinx.serialization.json.JsonObject

/** What tests assert, with failures that say what there is instead. */
internal class Asserting(private val parts: Parts) {
    private val all: List<Approval> get() = parts.store.all().map(parts.desk::document)

    fun approval(id: String): Approval = all.find { it.id == id } ?: fail("nothing was asked under the id $id; ${asked()}")

    fun onlyPending(): Approval {
        val pending = all.filter { it.status == ApprovalStatus.PENDING }
        return pending.singleOrNull() ?: fail("exactly one approval should be pending, not ${pending.size}; ${asked()}")
    }

    fun asked(action: String, contextJson: String?): Approval {
        val context = contextJson?.let(StrictJson::objectOf)
        val ofAction = all.filter { it.action == action }
        if (context == null) return ofAction.lastOrNull() ?: fail("$action should have been asked; ${asked()}")
        return ofAction.lastOrNull { hash(action, it.context ?: JsonObject(emptyMap())) == hash(action, context) }
            ?: fail(
                "$action should have been asked with $context; it was asked with ${ofAction.map {
                    "${it.context}"
                }.ifEmpty { "nothing: ${asked()}" }}",
            )
    }

    fun nothingAsked() {
        if (all.isNotEmpty()) fail("nothing should have been asked; ${asked()}")
    }

    fun ranOnce(id: String) {
        val runs = runsOf(id)
        if (runs.last != ExecutionState.SUCCEEDED || runs.count != 1) fail("$id should have run once, to its end; it was $runs")
    }

    fun neverRan(id: String) {
        val runs = runsOf(id)
        if (runs.count > 0) fail("$id should never have run; it was $runs")
    }

    fun noLeaks(found: List<String>) {
        if (found.isNotEmpty()) fail(found.joinToString("\n", prefix = "the test leaves behind:\n") { "- $it" })
    }

    private fun runsOf(id: String) = Runs(parts.store, approval(id).id)

    private fun asked(): String = if (all.isEmpty()) {
        "nothing was asked at all"
    } else {
        "asked: " +
            all.joinToString { "${it.action} (${it.id}, ${it.status})" }
    }

    private fun hash(action: String, context: JsonObject) = CanonicalJson.requestHash(action, context)

    private fun fail(message: String): Nothing = throw AssertionError(message)
}
