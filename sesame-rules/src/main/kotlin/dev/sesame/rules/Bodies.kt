package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.ExecutionState
import kotlinx.serialization.json.JsonObject
import java.time.Duration

/** Reads the body of `POST …/claim`; like all of these, it refuses what it doesn't know (`Fields`). */
public fun readClaim(body: JsonObject): Command.TakeClaim {
    val fields = Fields(body)
    val claimant = fields.text("claimant", 22..64, required = true).orEmpty()
    if (!claimantGrammar.matches(claimant)) fields.refuse<Unit>("claimant", "may hold only A-Z, a-z, 0-9, _ and -")
    val command = Command.TakeClaim(
        claimant = claimant,
        lease = Duration.ofSeconds(fields.whole("lease_seconds", LEASE_SECONDS) ?: DEFAULT_LEASE_SECONDS),
        contextHash = fields.text("context_hash", 1..100, required = true).orEmpty(),
        afterUnknown = fields.flag("after_unknown"),
    )
    fields.done()
    return command
}

/** What a run came to, as it is reported; [token] is `null` where an admin settles it. */
public data class Reported(val token: String?, val outcome: ExecutionState, val detail: String?)

/** Reads the body of `POST …/outcome`; who [settles] proves no claim. */
public fun readReport(body: JsonObject, settles: Boolean): Reported {
    val fields = Fields(body)
    val outcome = ExecutionState.of(fields.oneOf("outcome", outcomes, required = true).orEmpty())
    val detail = fields.text("detail", 0..1_000)
    val token = if (settles) null else fields.text("claim_token", 1..100, required = true)
    fields.done()
    return Reported(token, outcome, detail)
}

/** One person's answer; [context] is what they approve in place of what was asked. */
public class Voted(public val answer: Answer, public val note: String?, public val context: JsonObject?)

/** Reads the body of `POST …/decision`. */
public fun readVote(body: JsonObject): Voted {
    val fields = Fields(body)
    val answer = fields.oneOf("decision", answers, required = true).orEmpty()
    val note = fields.note()
    val context = fields.context()
    if (context != null && answer == Answer.DENY.value) fields.refuse<Unit>("context", "goes with an approval only")
    fields.done()
    return Voted(Answer.of(answer), note, context)
}

/** Reads the body of `POST …/redact`: paths of fields. */
public fun readRedact(body: JsonObject): List<String> {
    val fields = Fields(body)
    val paths = fields.texts("fields", MOST_REDACTED, PATH, required = true)
    if (paths != null && paths.isEmpty()) fields.refuse<Unit>("fields", "must name at least one")
    paths?.firstNotNullOfOrNull(::pathProblem)?.let { fields.refuse<Unit>("fields", it) }
    fields.done()
    return paths.orEmpty()
}

/** What is written with an answer. */
internal fun Fields.note(): String? = text("note", 0..4_000)?.takeIf { it.isNotBlank() }

internal val answers = listOf(Answer.APPROVE.value, Answer.DENY.value)
private val outcomes = listOf("succeeded", "failed", "unknown")
private val claimantGrammar = Regex("[A-Za-z0-9_-]*")
private val LEASE_SECONDS = 10L..300L
private const val MOST_REDACTED = 50
private val PATH = 1..200
private const val DEFAULT_LEASE_SECONDS = 60L
