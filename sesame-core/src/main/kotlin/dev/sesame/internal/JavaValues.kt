package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalRequest
import dev.sesame.Edit
import dev.sesame.ExecutionState
import dev.sesame.GateDecision
import dev.sesame.GatedRun
import dev.sesame.InvalidRequestException
import dev.sesame.ReceiptKeys
import dev.sesame.Sesame
import dev.sesame.SesameConfig
import dev.sesame.SesameListener
import dev.sesame.TestDecision
import dev.sesame.WebhookEvent
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import java.net.http.HttpClient
import java.time.Duration
import kotlin.time.toJavaDuration
import kotlin.time.toKotlinDuration

/** Values of the client for `sesame-java-compat`, which has no words for Kotlin's: contexts are JSON text, lengths of time Java's. Not for others. */
@InternalSesameApi
public object JavaValues {
    /** The request of these words; [contextJson] is the text of a JSON object that nobody reads in two ways. */
    @JvmStatic
    public fun request(
        action: String,
        summary: String,
        reason: String?,
        contextJson: String,
        dedupKey: String?,
        expiresIn: Duration?,
        validFor: Duration?,
        requestedBy: String?,
        riskScore: Double?,
        callbackUrl: String?,
        test: TestDecision?,
        editable: List<String>,
        approvalsRequired: Int,
        groups: List<String>,
        approvalsPerGroup: Map<String, Int>,
    ): ApprovalRequest = ApprovalRequest(
        action,
        summary,
        reason,
        objectOf(contextJson),
        dedupKey,
        expiresIn?.toKotlinDuration(),
        validFor?.toKotlinDuration(),
        requestedBy,
        riskScore,
        callbackUrl,
        test,
        editable,
        approvalsRequired,
        groups,
        approvalsPerGroup,
    )

    /** A client; `null` is the setting's default. */
    @JvmStatic
    public fun sesame(
        apiKey: String?,
        brokerUrl: String?,
        allowPlainHttp: Boolean,
        requireClaim: Boolean,
        receiptKeys: ReceiptKeys?,
        allowTestMode: Boolean,
        cancelOnAbandon: Boolean,
        longPollOnly: Boolean,
        retryFor: Duration?,
        httpClient: HttpClient?,
        listener: JavaListener?,
    ): Sesame = Sesame {
        configure(brokerUrl, allowPlainHttp, retryFor, httpClient, listener)
        this.apiKey = apiKey
        this.requireClaim = requireClaim
        this.requireReceipt = receiptKeys != null
        this.receiptKeys = receiptKeys
        this.allowTestMode = allowTestMode
        this.cancelOnAbandon = cancelOnAbandon
        this.longPollOnly = longPollOnly
    }

    internal fun SesameConfig.configure(
        brokerUrl: String?,
        allowPlainHttp: Boolean,
        retryFor: Duration?,
        httpClient: HttpClient?,
        listener: JavaListener?,
    ) {
        this.brokerUrl = brokerUrl
        this.allowPlainHttp = allowPlainHttp
        this.httpClient = httpClient
        retryFor?.let { this.retryFor = it.toKotlinDuration() }
        listener?.let { this.listener = Told(it) }
    }

    /** What was asked with, as JSON; `null` where the broker didn't say. */
    @JvmStatic
    public fun contextJson(approval: Approval): String? = approval.context?.toString()

    /** What was approved, as JSON. */
    @JvmStatic
    public fun effectiveContextJson(approval: Approval): String = approval.effectiveContext.toString()

    /** The whole context as an approver changed it, as JSON; `null` where nobody did. */
    @JvmStatic
    public fun editedContextJson(approval: Approval): String? = approval.decision?.editedContext?.toString()

    /** What was asked with, as JSON; `null` where the webhook didn't say. */
    @JvmStatic
    public fun contextJson(event: WebhookEvent): String? = event.context?.toString()

    /** What was decided on, as JSON. */
    @JvmStatic
    public fun effectiveContextJson(event: WebhookEvent): String = event.effectiveContext.toString()

    /** The value of a field before an edit, as JSON; `null` where it wasn't there. */
    @JvmStatic
    public fun beforeJson(edit: Edit): String? = edit.before?.toString()

    /** The value of a field after an edit, as JSON; `null` where it isn't there any more. */
    @JvmStatic
    public fun afterJson(edit: Edit): String? = edit.after?.toString()

    /** What is signed and compared: the RFC 8785 form of a JSON object's text. */
    @JvmStatic
    public fun canonical(contextJson: String): String = try {
        CanonicalJson.of(objectOf(contextJson))
    } catch (problem: NotCanonical) {
        throw InvalidRequestException(problem.message.orEmpty(), mapOf(problem.path to problem.problem), problem)
    }

    /** What `Sesame.executeIfAllowed` gives where the block ran and returned [value]. */
    @JvmStatic
    public fun <T> ran(decision: GateDecision, value: T): GatedRun<T> = GatedRun(decision, hasRun = true, value)

    /** What it gives where the block didn't start. */
    @JvmStatic
    public fun <T> notRun(decision: GateDecision): GatedRun<T> = GatedRun(decision, hasRun = false, value = null)

    internal fun objectOf(json: String): JsonObject = JsonDepth.read(json) as? JsonObject
        ?: throw InvalidRequestException("a context must be a JSON object", mapOf("context" to "is no JSON object, or nested too deep"))

    private class Told(private val listener: JavaListener) : SesameListener {
        override fun requested(approval: Approval) = listener.requested(approval)

        override fun decided(approval: Approval) = listener.decided(approval)

        override fun retried(reason: String, delay: kotlin.time.Duration) = listener.retried(reason, delay.toJavaDuration())

        override fun unreported(approval: Approval, outcome: ExecutionState) = listener.unreported(approval, outcome)
    }
}

/** `SesameListener`, as Java can implement it. */
@InternalSesameApi
public interface JavaListener {
    public fun requested(approval: Approval)

    public fun decided(approval: Approval)

    public fun retried(reason: String, delay: Duration)

    public fun unreported(approval: Approval, outcome: ExecutionState)
}
