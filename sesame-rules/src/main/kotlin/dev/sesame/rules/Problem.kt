package dev.sesame.rules

import dev.sesame.Approval
import kotlinx.serialization.json.JsonArrayBuilder
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray

/** An answer other than the one asked for, told as RFC 9457; the only place with the codes of the contract and their statuses is this file. */
public class Problem(
    public val code: ProblemCode,
    public val detail: String,
    public val fields: List<FieldProblem> = emptyList(),
    public val approval: Approval? = null,
    public val retryAfterSeconds: Int? = null,
) : RuntimeException(detail) {
    override fun fillInStackTrace(): Throwable = this // an answer, not a fault
}

/** What is wrong with one field. */
public data class FieldProblem(public val field: String, public val message: String)

/** The codes of the contract. */
public enum class ProblemCode(public val status: Int, public val title: String) {
    MALFORMED_JSON(400, "The body is not JSON"),
    UNAUTHORIZED(401, "No valid credential"),
    FORBIDDEN(403, "Not for this caller"),
    SELF_APPROVAL(403, "Nobody decides their own request"),
    NOT_IN_GROUP(403, "Others are asked"),
    NOT_FOUND(404, "Nothing here"),
    CURSOR_EXPIRED(410, "This cursor leads nowhere any more"),
    METHOD_NOT_ALLOWED(405, "Not with this method"),
    ALREADY_CLAIMED(409, "Another call holds the right to run it"),
    ALREADY_DECIDED(409, "Decided already"),
    ALREADY_EXECUTED(409, "Executed already"),
    APPROVAL_LAPSED(409, "Approved, but not claimed in time"),
    CLAIM_LOST(409, "This claim doesn't hold"),
    CONTEXT_MISMATCH(409, "Not what was approved"),
    DEDUP_CONFLICT(409, "This dedup key stands for another request"),
    NAME_TAKEN(409, "This name is taken"),
    NOT_APPROVED(409, "Not approved"),
    OUTCOME_UNKNOWN(409, "An earlier run ended without a word"),
    TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "Not a media type for this call"),
    INVALID(422, "Something in the request is not acceptable"),
    NOT_EDITABLE(422, "Not open to edits"),
    RATE_LIMITED(429, "Too much at once"),
    INTERNAL(500, "The broker failed"),
    UNAVAILABLE(503, "Not now"),
}

public fun invalid(vararg fields: FieldProblem): Problem =
    Problem(ProblemCode.INVALID, fields.joinToString("; ") { "${it.field} ${it.message}" }, fields.toList())

public fun notFound(): Problem = Problem(ProblemCode.NOT_FOUND, "there is no such approval for this caller")

/** Why it is refused, with [approval] as it stands and what is wrong with which of the [fields]. Who isn't asked isn't told what is asked. */
public fun Refusal.toProblem(approval: Approval, fields: List<FieldProblem> = emptyList()): Problem = when {
    this == Refusal.NOT_IN_GROUP -> Problem(ProblemCode.NOT_IN_GROUP, "${inWords()} (approval ${approval.id})")

    fields.isNotEmpty() -> Problem(
        ProblemCode.valueOf(name),
        fields.joinToString("; ") { "${it.field} ${it.message}" },
        fields,
        approval,
    )

    else -> Problem(ProblemCode.valueOf(name), "${inWords()} (approval ${approval.id} is ${approval.status})", approval = approval)
}

private fun Refusal.inWords(): String = when (this) {
    Refusal.DEDUP_CONFLICT -> "this dedup key stands for another action, context or quorum: use another key"
    Refusal.FORBIDDEN -> "no person answers a test request"
    Refusal.ALREADY_DECIDED -> "the first decision stands"
    Refusal.SELF_APPROVAL -> "somebody other than the requester's owner must decide it"
    Refusal.NOT_IN_GROUP -> "it is for the people of other groups to decide"
    Refusal.NOT_EDITABLE -> "only the values of its editable fields may differ"
    Refusal.INVALID -> "what was sent is not acceptable"
    Refusal.NOT_APPROVED -> "only an approved one can be claimed"
    Refusal.CONTEXT_MISMATCH -> "context_hash is not the hash of what was approved"
    Refusal.APPROVAL_LAPSED -> "its validity is over; ask anew"
    Refusal.ALREADY_CLAIMED -> "another call holds the claim"
    Refusal.ALREADY_EXECUTED -> "it ran to its end"
    Refusal.OUTCOME_UNKNOWN -> "look whether it happened, then settle it or claim with after_unknown"
    Refusal.CLAIM_LOST -> "there is no present claim that this speaks for"
}

public fun Problem.toJson(requestId: String, status: Int = code.status): JsonObject = buildJsonObject {
    val word = code.name.lowercase()
    put("type", "urn:sesame:problem:$word")
    put("title", code.title)
    put("status", status)
    put("detail", detail)
    put("code", word)
    put("request_id", requestId)
    if (fields.isNotEmpty()) putJsonArray("errors") { fields.forEach { addField(it) } }
    approval?.let { put("approval", it.toJson()) }
}

private fun JsonArrayBuilder.addField(problem: FieldProblem) {
    addJsonObject {
        put("field", problem.field)
        put("message", problem.message)
    }
}
