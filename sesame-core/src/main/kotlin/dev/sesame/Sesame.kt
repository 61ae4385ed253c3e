package dev.sesame

import dev.sesame.internal.ApprovalPage
import dev.sesame.internal.Client
import dev.sesame.internal.HowToRun
import dev.sesame.internal.Http
import dev.sesame.internal.HttpBroker
import dev.sesame.internal.RuntimeCheck
import dev.sesame.internal.Settings
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.serialization.json.JsonObject
import kotlin.time.Duration
import kotlin.time.TimeSource

/**
 * The approval gate: asks a human, suspends without holding a thread, and runs the block only if the human said yes.
 *
 * One client serves a whole process; it is thread-safe. `Sesame()` takes its key from `SESAME_API_KEY`; see [SesameConfig] for the rest.
 */
public class Sesame private constructor(private val settings: Settings, internal val client: Client) : AutoCloseable {
    /**
     * Asks people whether [action] may happen, waits for their answer, and runs [block] on a yes, at most once over all processes.
     *
     * When [block] starts, the question, the decision and the right to run it are on the broker's disk. It gets the approval with the
     * effective context: use that, not outer variables, which nobody approved. It runs in the caller's own coroutine context.
     *
     * Cancelling ends the wait, not the question (unless `cancelOnAbandon` is set); the block never starts after that. With [dedupKey], the
     * same call again, after a crash or in another process, finds the same approval: it goes on waiting, runs what was approved, or throws what
     * stands ([AlreadyExecutedException], [AlreadyClaimedException], [ExecutionUnknownException]).
     *
     * @param editable which fields of [context] an approver may change first; the block gets the changed ones, and a broker that tells of any
     *   other change is refused ([ProtocolException]).
     * @param approvalsRequired how many distinct people must say yes; [groups] whose members are asked; [approvalsPerGroup] how many of each.
     *   What nobody could fulfil is refused at once ([InvalidRequestException]).
     * @param timeout for asking, waiting and claiming together; `null` waits until the question expires. Then [ApprovalTimeoutException].
     * @param afterUnknown runs it although an earlier run ended without a word: only after somebody looked.
     * @param safeToRetry whether an exception of the block means that it did nothing, so that it may be run again; else the outcome is unknown.
     * @return what [block] returns.
     * @throws ApprovalDeniedException somebody said no, or ([ApprovalExpiredException]) nobody answered in time.
     * @throws SesameException any other failure; each says what to do next. The block's own exceptions pass unchanged.
     */
    @JvmSynthetic
    public suspend fun <T> approve(
        action: String,
        summary: String = "Run $action",
        reason: String? = null,
        context: JsonObject = JsonObject(emptyMap()),
        dedupKey: String? = null,
        expiresIn: Duration? = null,
        validFor: Duration? = null,
        requestedBy: String? = null,
        riskScore: Double? = null,
        callbackUrl: String? = null,
        editable: List<String> = emptyList(),
        approvalsRequired: Int = 1,
        groups: List<String> = emptyList(),
        approvalsPerGroup: Map<String, Int> = emptyMap(),
        timeout: Duration? = null,
        afterUnknown: Boolean = false,
        safeToRetry: (Throwable) -> Boolean = { false },
        block: suspend (Approval) -> T,
    ): T {
        val request = ApprovalRequest(
            action, summary, reason, context, dedupKey, expiresIn, validFor, requestedBy, riskScore, callbackUrl,
            test = null, editable, approvalsRequired, groups, approvalsPerGroup,
        )
        return approve(request, timeout, afterUnknown, safeToRetry, block)
    }

    /** The same for a request made elsewhere. */
    @JvmSynthetic
    public suspend fun <T> approve(
        request: ApprovalRequest,
        timeout: Duration? = null,
        afterUnknown: Boolean = false,
        safeToRetry: (Throwable) -> Boolean = { false },
        block: suspend (Approval) -> T,
    ): T = client.approve(request, HowToRun(afterUnknown, safeToRetry), client.callerTime(timeout), block)

    /**
     * Asks the broker's policy about an action, creating nothing and asking nobody. What it says now, it need not say later; it says it of
     * these values, so run what you asked about. Cancelling ends the call.
     *
     * @throws SesameException the broker couldn't be asked, or didn't understand: take it for a no.
     */
    @JvmSynthetic
    public suspend fun checkPolicy(
        action: String,
        context: JsonObject = JsonObject(emptyMap()),
        requestedBy: String? = null,
        riskScore: Double? = null,
    ): GateDecision = client.policy.check(ApprovalRequest(action, context = context, requestedBy = requestedBy, riskScore = riskScore))

    /**
     * Runs [block] if the broker's policy permits the action without asking anybody, and only then; it gets the context that was asked about.
     * Else the answer comes back, or is thrown by [GatedRun.getOrThrow], as the caller chooses. An error, a timeout or an answer that isn't
     * understood never runs it.
     *
     * Unlike [approve] it leaves no trace at the broker, takes no claim, and so doesn't keep two calls from running the block both.
     *
     * @throws SesameException the policy couldn't be asked; nothing ran. The block's own exceptions pass unchanged.
     */
    @JvmSynthetic
    public suspend fun <T> executeIfAllowed(
        action: String,
        context: JsonObject = JsonObject(emptyMap()),
        requestedBy: String? = null,
        riskScore: Double? = null,
        block: suspend (JsonObject) -> T,
    ): GatedRun<T> =
        client.policy.execute(ApprovalRequest(action, context = context, requestedBy = requestedBy, riskScore = riskScore), block)

    /**
     * Asks and returns at once, with the question on the broker's disk; not to wait on the result is to fire and forget. With `callbackUrl` the
     * decision comes there by webhook, and [DecisionHandlers] run what it allows, in whatever process.
     */
    @JvmSynthetic
    public suspend fun trigger(request: ApprovalRequest): PendingApproval =
        PendingApproval(client, client.ask(request, client.callerTime(null)))

    /** The same, with the parameters of [approve]. */
    @JvmSynthetic
    public suspend fun trigger(
        action: String,
        summary: String = "Run $action",
        reason: String? = null,
        context: JsonObject = JsonObject(emptyMap()),
        dedupKey: String? = null,
        expiresIn: Duration? = null,
        validFor: Duration? = null,
        requestedBy: String? = null,
        riskScore: Double? = null,
        callbackUrl: String? = null,
        editable: List<String> = emptyList(),
        approvalsRequired: Int = 1,
        groups: List<String> = emptyList(),
        approvalsPerGroup: Map<String, Int> = emptyMap(),
    ): PendingApproval = trigger(
        ApprovalRequest(
            action, summary, reason, context, dedupKey, expiresIn, validFor, requestedBy, riskScore, callbackUrl,
            test = null, editable, approvalsRequired, groups, approvalsPerGroup,
        ),
    )

    /** What was asked before, here or elsewhere; [ApprovalNotFoundException] where this key has no such approval. */
    @JvmSynthetic
    public suspend fun attach(id: String): PendingApproval = PendingApproval(client, client.attach(id))

    /**
     * Returns the signed proof of a decision, to keep beside what was done: [ReceiptVerifier] checks it later without any broker. The same
     * decision gives the same receipt each time.
     *
     * @throws ApprovalNotFoundException no such approval for this key, or none that is decided.
     */
    @JvmSynthetic
    public suspend fun receipt(id: String): String = client.call { it.receipt(id) }

    /** How an approval stands; `null` where this key has no such approval. */
    @JvmSynthetic
    public suspend fun find(id: String): Approval? = try {
        client.attach(id).approval
    } catch (_: ApprovalNotFoundException) {
        null
    }

    /** This key's approvals, newest first, fetched page by page as they are collected; [status] and [action] narrow them. */
    @JvmSynthetic
    public fun approvals(status: ApprovalStatus? = null, action: String? = null): Flow<Approval> =
        pages { cursor -> client.page("/v1/approvals", status, action, cursor) }

    /** Ends every wait with [SesameClosedException], which is no cancellation. A block that is running goes on, but can't report any more. */
    override fun close(): Unit = client.close()

    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "Sesame(${settings.brokerUrl})"

    /** Where clients are made. */
    public companion object {
        /**
         * A client as [configure] says; throws [InvalidRequestException] at once where the key is missing, or the address or `httpClient`
         * unusable, and [IncompatibleRuntimeException] where the class path holds a Ktor, coroutines, serialization or Kotlin library that it
         * can't run on.
         */
        @JvmSynthetic
        public operator fun invoke(configure: SesameConfig.() -> Unit = {}): Sesame = of(SesameConfig().apply(configure))

        internal fun of(config: SesameConfig): Sesame {
            val settings = Settings.forRequester(config)
            return Sesame(settings, client(settings, config))
        }

        internal fun client(settings: Settings, config: SesameConfig): Client = RuntimeCheck.Here.passing {
            val closing = CompletableDeferred<Unit>()
            // Not Dispatchers.Default, which blocking code may fill, and a view of its own of the other, so that one client keeps few threads.
            val own = Dispatchers.IO.limitedParallelism(THREADS, "sesame")
            val broker = HttpBroker(settings, Http.of(config, own), closing)
            Client(config, broker, closing, config.context ?: own, config.time ?: TimeSource.Monotonic)
        }

        /** None of what they do waits. */
        private const val THREADS = 8

        internal fun pages(fetch: suspend (String?) -> ApprovalPage): Flow<Approval> = flow {
            var cursor: String? = null
            do {
                val page = fetch(cursor)
                page.approvals.forEach { emit(it) }
                cursor = page.nextCursor
            } while (cursor != null)
        }
    }
}
