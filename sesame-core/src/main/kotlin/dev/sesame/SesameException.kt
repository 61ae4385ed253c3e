package dev.sesame

import java.time.Instant
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/**
 * The one family of failures that Sesame throws; each leaf says what the caller should do next.
 *
 * None of them is a `CancellationException`: a caller's own cancellation is never mistaken for one of these, nor the reverse.
 */
public abstract class SesameException internal constructor(message: String, cause: Throwable? = null) : RuntimeException(message, cause)

/**
 * A person or the policy said no, or nobody answered in time ([ApprovalExpiredException]). The block didn't run and never will under this approval; to ask
 * anew, use a new dedup key.
 */
public open class ApprovalDeniedException internal constructor(
    /** The approval as decided. */
    @get:JvmSynthetic public val approval: Approval,
    message: String = "${approval.action} was denied" + approval.decision?.deniedBy().orEmpty() +
        approval.decision?.note?.let { ": $it" }.orEmpty() + " (${approval.id})",
) : SesameException(message) {
    /** What to read it by. */
    public val approvalId: String get() = approval.id

    /** The name of the deciding person; `null` where nobody decided, as on expiry. */
    public val decidedBy: String? get() = approval.decision?.by?.toString()

    /** What the deciding person wrote. */
    public val note: String? get() = approval.decision?.note
}

private fun Decision.deniedBy(): String? = by?.let { " by $it" } ?: " by the policy".takeIf { via == "policy" }

/** Nobody answered before the expiry: silence is never consent. */
public class ApprovalExpiredException internal constructor(approval: Approval) :
    ApprovalDeniedException(approval, "${approval.action} expired unanswered (${approval.id})")

/** The question was taken back with `cancel` before anyone decided. The block didn't run; asking again is free. */
public class ApprovalWithdrawnException internal constructor(
    /** The approval as cancelled. */
    @get:JvmSynthetic public val approval: Approval,
) : SesameException("${approval.action} was withdrawn before anyone decided (${approval.id})") {
    /** What to read it by. */
    public val approvalId: String get() = approval.id
}

/**
 * No decision within the caller's own timeout. The block didn't run and won't, even if a yes comes later; the question stays open unless
 * `cancelOnAbandon` was set: go on with `attach(approvalId)`, ask again with the same dedup key, or `cancel` it.
 */
public class ApprovalTimeoutException internal constructor(
    /** What to attach to later; `null` where not even the question could be asked in time. */
    public val approvalId: String?,
    timeout: Duration,
) : SesameException("no decision within $timeout" + (approvalId?.let { " ($it)" } ?: ": the broker could not be asked")) {
    /** How long was waited. */
    public val timeout: java.time.Duration = timeout.toJavaDuration()
}

/**
 * The policy doesn't permit it without asking anybody, and nothing ran. Where [decision] says `ABSTAIN`, ask people with `approve`; else it may
 * not be.
 */
public class NotPermittedException internal constructor(
    /** What the policy said. */
    public val decision: GateDecision,
) : SesameException("the policy doesn't permit it: $decision")

/** It was approved, but not claimed within its validity. The block didn't run; ask anew with a new dedup key. */
public class ApprovalLapsedException internal constructor(
    /** The approval. */
    public val approvalId: String,
    /** When the validity ended, where the broker said so. */
    public val validUntil: Instant?,
) : SesameException("approval $approvalId lapsed" + validUntil?.let { " at $it" }.orEmpty() + ": approved, but not run in time")

/** Another call, here or in another process, holds the right to run and may be running now. The block didn't run here. */
public class AlreadyClaimedException internal constructor(
    /** The approval. */
    public val approvalId: String,
) : SesameException("approval $approvalId is claimed by another call, which may be running it now")

/** The approved action ran to its end before. The block didn't run again. */
public class AlreadyExecutedException internal constructor(
    /** The approval. */
    public val approvalId: String,
) : SesameException("approval $approvalId was executed already")

/**
 * An earlier run ended without a word (a crash, a lost lease, an exception): whether the action happened can't be known. The block didn't run
 * now. Look at the action's own records; then let an admin settle it (`sesame resolve`), or call again with `afterUnknown = true`.
 */
public class ExecutionUnknownException internal constructor(
    /** The approval. */
    public val approvalId: String,
) : SesameException("an earlier run of approval $approvalId ended without a word: look whether it happened, then settle it")

/** The broker doesn't accept this API key or token (401), or it may not do this (403). Check the key; nothing was retried. */
public class SesameAuthException internal constructor(
    /** `unauthorized`, `forbidden`, `self_approval`, or `not_in_group`. */
    public val code: String,
    message: String,
) : SesameException(message)

/** No such approval for this caller: it never existed, is forgotten, or belongs to someone else. */
public class ApprovalNotFoundException internal constructor(
    /** What was looked for. */
    public val approvalId: String,
) : SesameException("no approval $approvalId for this key")

/** The dedup key already stands for another question (other action or context). Nothing was asked; use another key. */
public class DedupConflictException internal constructor(
    /** The key. */
    public val dedupKey: String,
    message: String,
) : SesameException(message)

/** The approval was decided before this could change it. Read [approval] for what stands. */
public class AlreadyDecidedException internal constructor(
    /** The approval as it stands, where the broker sent it. */
    @get:JvmSynthetic public val approval: Approval?,
    message: String,
) : SesameException(message) {
    /** What to read it by, where the broker sent it. */
    public val approvalId: String? get() = approval?.id
}

/** What was sent, or configured, is not acceptable; [fields] says which field and why. Nothing was asked. */
public class InvalidRequestException internal constructor(
    message: String,
    /** Field to problem; empty where no single field is at fault. */
    public val fields: Map<String, String> = emptyMap(),
    cause: Throwable? = null,
) : SesameException(message, cause)

/** The broker's limit for this key is reached. Nothing was asked; wait [retryAfter], then try again. */
public class RateLimitedException internal constructor(message: String, retryAfter: Duration?) : SesameException(message) {
    /** How long the broker asks to wait, where it says so. */
    public val retryAfter: java.time.Duration? = retryAfter?.toJavaDuration()
}

/**
 * The broker couldn't be reached, or couldn't answer, within the time for retries. Whether it received the call is unknown; sending it again
 * with the same dedup key is safe.
 */
public class BrokerUnavailableException internal constructor(message: String, cause: Throwable? = null) : SesameException(message, cause)

/** The client was closed while this call was under way. The block didn't run; the question stays as it is at the broker. */
public class SesameClosedException internal constructor() : SesameException("this Sesame client is closed")

/** The answer isn't what the broker's contract allows: another approval's id, altered context, no JSON. Nothing was run on it. */
public class ProtocolException internal constructor(message: String, cause: Throwable? = null) : SesameException(message, cause)

/** What arrived as a webhook is none that can be trusted; nothing was run on it. Answer 401, or 400 where [reason] `isGenuine`, and no body. */
public class WebhookVerificationException internal constructor(
    /** Why: for logs and metrics only. */
    public val reason: WebhookReason,
    message: String,
    cause: Throwable? = null,
) : SesameException("webhook refused ($reason): $message", cause)

/**
 * A receipt that can't be believed: not signed by a known key, or for something else than was asked. Nothing was run on it. Where the broker's
 * key was rotated, add the new one to the receipt keys; otherwise treat the approval as forged.
 */
public class ReceiptVerificationException internal constructor(message: String, cause: Throwable? = null) :
    SesameException("receipt refused: $message", cause)

/** An approved action has no handler here: it was renamed, or not deployed yet. Nothing was run; register it, and let the webhook come again. */
public class UnhandledActionException internal constructor(
    /** The action of the event. */
    public val action: String,
    /** The actions that have a handler. */
    public val registered: Set<String>,
) : SesameException("no handler for the action $action; there are: ${registered.sorted().joinToString().ifEmpty { "none" }}")

/**
 * The libraries that this process runs on don't go together: Ktor, coroutines, serialization, or Kotlin's own is too old for the client or for
 * one of the others. Nothing was asked. Import `sesame-bom` before other BOMs, or set the versions that the message asks for.
 */
public class IncompatibleRuntimeException internal constructor(
    /** The versions found, by library; without those that couldn't be told. */
    public val found: Map<String, String>,
    /** What is wrong with them, a sentence each. */
    public val problems: List<String>,
    cause: Throwable? = null,
) : SesameException(
    "the libraries on the class path don't go together: ${problems.joinToString("; ")}. Import dev.sesame:sesame-bom before other BOMs." +
        " Found: ${found.entries.joinToString { (library, version) -> "$library $version" }}",
    cause,
)
