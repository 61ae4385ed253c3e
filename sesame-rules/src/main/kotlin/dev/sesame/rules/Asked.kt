package dev.sesame.rules

import dev.sesame.Answer
import dev.sesame.Mode
import dev.sesame.TestDecision
import dev.sesame.internal.CanonicalJson
import dev.sesame.internal.NotCanonical
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.time.Duration
import java.time.Instant

/** What a requester asks, with every limit checked. */
public data class Asked(
    val action: String,
    val summary: String,
    val reason: String?,
    val context: JsonObject,
    val callbackUrl: String?,
    val dedupKey: String?,
    /** `null` where the caller doesn't say. */
    val expiresIn: Duration?,
    val expiresAt: Instant?,
    val validFor: Duration,
    val requestedBy: String?,
    val riskScore: Double?,
    val editable: List<String>,
    val approvalsRequired: Int,
    val groups: List<String>,
    val approvalsPerGroup: Map<String, Int>,
    val test: TestDecision?,
) {
    /**
     * The question that [requesterLabel] asks with it at [now], on the terms of [policy], which are joined with what is asked here; where they
     * can't be, that is `422 invalid`. [allowSelf]: the requester was made so that the person who stands behind it may answer it.
     */
    public fun toQuestion(
        id: String,
        mode: Mode,
        requesterId: String,
        requesterLabel: String,
        now: Instant,
        allowSelf: Boolean = false,
        policy: PolicyRuling = PolicyRuling.NO_RULE,
    ): Question {
        val joined = demand.joinedWith(policy)
        return Question(
            id = id,
            mode = mode,
            requesterId = requesterId,
            requesterLabel = requesterLabel,
            action = action,
            summary = summary,
            reason = reason,
            context = context,
            requestHash = CanonicalJson.requestHash(action, context),
            callbackUrl = callbackUrl,
            dedupKey = dedupKey,
            createdAt = now,
            expiresAt = endOfAsking(now, policy.terms.expiresIn),
            validForSeconds = validFor.seconds,
            requestedBy = requestedBy,
            riskScore = riskScore,
            editable = editable,
            approvalsRequired = joined.approvalsRequired,
            groups = joined.groups,
            approvalsPerGroup = joined.approvalsPerGroup,
            allowSelf = policy.terms.allowSelf ?: allowSelf,
            rule = policy.rule,
            redactions = policy.redactions,
            asked = demand.takeIf { it != joined },
            escalation = demand.escalation(policy.terms.escalation, joined, now),
            test = test,
        ).kept(policy.terms)
    }

    private val demand: Demand get() = Demand(approvalsRequired, groups, approvalsPerGroup)

    /** With those terms that nobody but the rule has a word in. */
    private fun Question.kept(terms: ApprovalTerms): Question = copy(
        latestExpiry = terms.expiresIn?.let { createdAt + it },
        channels = terms.channels?.toList(),
        remindAfterSeconds = terms.reminders?.map { it.seconds },
    )

    /** A rule's time holds where the caller names none, and is the most that a caller gets. */
    private fun endOfAsking(now: Instant, ruled: Duration?): Instant {
        val asked = expiresAt ?: expiresIn?.let { now + it }
        val latest = ruled?.let { now + it } ?: return asked ?: now.plusSeconds(DAY_SECONDS)
        return if (asked == null) latest else minOf(asked, latest)
    }
}

/**
 * Reads the body of `POST /v1/approvals` by the contract's table: every limit is checked, every unknown field refused. [mode] is the key's;
 * [judgeUrl] says what is wrong with an address for webhooks, `null` where nothing is.
 */
public fun readAsked(body: JsonObject, mode: Mode, now: Instant, judgeUrl: (String) -> String?): Asked {
    val fields = Fields(body)
    val context = fields.context().orEmpty()
    val required = fields.required()
    val asked = Asked(
        action = fields.action(),
        summary = fields.text("summary", 1..500, required = true).orEmpty(),
        reason = fields.text("reason", 0..4_000),
        context = context,
        callbackUrl = fields.url("callback_url", judgeUrl),
        dedupKey = fields.text("dedup_key", 0..255)?.takeIf { it.isNotEmpty() },
        expiresIn = fields.whole("expires_in", EXPIRY_SECONDS)?.let(Duration::ofSeconds),
        expiresAt = fields.expiresAt(now, alsoIn = body.has("expires_in")),
        validFor = Duration.ofSeconds(fields.whole("valid_for", VALIDITY_SECONDS) ?: DAY_SECONDS),
        requestedBy = fields.requestedBy(),
        riskScore = fields.riskScore(),
        editable = fields.editable(context),
        approvalsRequired = required.approvals,
        groups = required.groups,
        approvalsPerGroup = required.perGroup,
        test = fields.test(mode),
    )
    fields.done()
    return asked
}

/** Reads the body of `POST …/extend`: how long people have from now on. */
public fun readExtend(body: JsonObject): Duration {
    val fields = Fields(body)
    val seconds = fields.whole("expires_in", EXPIRY_SECONDS, required = true) ?: 0
    fields.done()
    return Duration.ofSeconds(seconds)
}

private fun JsonObject.has(field: String) = this[field] !in setOf(null, JsonNull)

private fun JsonObject?.orEmpty() = this ?: JsonObject(emptyMap())

/** A name that is no field of the context would make nothing editable, and nobody would notice. */
private fun Fields.editable(context: JsonObject): List<String> {
    val names = texts("editable", MOST_EDITABLE, FIELD_NAME).orEmpty()
    val strangers = names.filter { it !in context }
    if (strangers.isNotEmpty()) {
        refuse<Unit>(
            "editable",
            "names what is no field of context: ${strangers.joinToString().take(LONGEST_PATH)}",
        )
    }
    return names
}

internal fun Fields.action(): String = text("action", 1..200, required = true).orEmpty()

internal fun Fields.requestedBy(): String? = text("requested_by", 0..200)?.takeIf { it.isNotEmpty() }

internal fun Fields.riskScore(): Double? = fraction("risk_score", 0.0..1.0)

/** A context, with its limits; `null` where there is none. */
internal fun Fields.context(): JsonObject? {
    val context = jsonObject("context") ?: return null
    if (depth(context) > DEEPEST_CONTEXT) refuse<Unit>("context", "must be nested at most $DEEPEST_CONTEXT deep")
    val bytes = context.toString().toByteArray().size
    if (bytes > LARGEST_CONTEXT_BYTES) refuse<Unit>("context", "must have at most $LARGEST_CONTEXT_BYTES bytes, not $bytes")
    try {
        CanonicalJson.of(context)
    } catch (problem: NotCanonical) {
        refuse<Unit>("context.${problem.path}".take(LONGEST_PATH), problem.problem)
    }
    return context
}

/** With a live key it is refused, not dropped: whoever sends it counts on an answer that isn't a person's. */
private fun Fields.test(mode: Mode): TestDecision? {
    if (mode != Mode.TEST) {
        unsupported("test", message = "is for test keys (sk_test_…) only")
        return null
    }
    return within("test") { fields ->
        val decide = fields.oneOf("decide", answers, required = true)
        val afterMillis = fields.whole("after_ms", TEST_DELAY_MILLIS) ?: 0
        val note = fields.note()
        decide?.let { TestDecision(Answer.of(it), afterMillis, note) }
    }
}

private fun Fields.expiresAt(now: Instant, alsoIn: Boolean): Instant? {
    val time = time("expires_at") ?: return null
    if (alsoIn) return refuse("expires_at", "can't stand beside expires_in")
    val seconds = Duration.between(now, time).toMillis() / 1000.0
    if (seconds < EXPIRY_SECONDS.first || seconds > EXPIRY_SECONDS.last) return refuse("expires_at", "must be 10 s to 30 days from now")
    return Instant.ofEpochMilli(time.toEpochMilli())
}

private fun depth(element: JsonElement): Int = when (element) {
    is JsonObject -> 1 + (element.values.maxOfOrNull(::depth) ?: 0)
    is JsonArray -> 1 + (element.maxOfOrNull(::depth) ?: 0)
    is JsonPrimitive -> 0
}

private const val DAY_SECONDS = 86_400L
private val EXPIRY_SECONDS = 10L..30 * DAY_SECONDS
private val VALIDITY_SECONDS = 60L..30 * DAY_SECONDS
private val TEST_DELAY_MILLIS = 0L..600_000L
private const val DEEPEST_CONTEXT = 32
private const val LARGEST_CONTEXT_BYTES = 64 * 1024
private const val LONGEST_PATH = 200
private const val MOST_EDITABLE = 50
private val FIELD_NAME = 1..200
