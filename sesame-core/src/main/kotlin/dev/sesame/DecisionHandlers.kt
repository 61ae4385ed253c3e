package dev.sesame

import dev.sesame.internal.EventCheck
import dev.sesame.internal.Recent

/**
 * What to do when a decision arrives by webhook: the other half of `trigger(…, callbackUrl)`. No coroutine waits meanwhile, and the process
 * that asked may be gone.
 *
 * ```
 * val handlers = DecisionHandlers(sesame) {
 *     on("payments.refund") { event -> refund(event.contextAs<Refund>()) }
 *     onDenied { event -> tell(event.requesterLabel, event.note) }
 * }
 * handlers.dispatch(verifier.verify(body, headers))
 * ```
 *
 * Webhooks come at least once; a handler runs at most once, over all deliveries and processes, because [dispatch] claims the approval with
 * the broker first and reports afterwards, as `approve` does. Where a rule leaves values out of webhooks, the handler of an approved action
 * gets them all the same: as the broker told them with the claim. Thread-safe.
 */
public class DecisionHandlers(private val sesame: Sesame, configure: DecisionHandlersConfig.() -> Unit) {
    private val approved: Map<String, ApprovedHandler>
    private val ignored: Set<String>
    private val ended: Map<ApprovalStatus, suspend (WebhookEvent) -> Any?>
    private val otherwise: ApprovedHandler?
    private val atLeastOnce: Boolean
    private val done = Recent()

    init {
        val config = DecisionHandlersConfig().apply(configure)
        // Copies: whoever keeps the configuration changes nothing here later.
        approved = config.approved.toMap()
        ignored = config.ignored.toSet()
        ended = config.ended.toMap()
        otherwise = config.otherwise
        atLeastOnce = config.atLeastOnce
    }

    /** The actions that have a handler of their own. */
    public val actions: Set<String> get() = approved.keys

    /**
     * Runs the handler for [event] and returns what it returned.
     *
     * Approved: the broker is asked first. Where it doesn't say that this very action and context are approved, nothing runs
     * ([ProtocolException]). Then the handler of the action runs under a claim, in the caller's own coroutine context. Run before, or elsewhere
     * at this moment: nothing runs, and the result says so. Denied, expired, cancelled: the handler for that, if there is one; these claim
     * nothing and may run again when the webhook comes again.
     *
     * Any exception means that the webhook should come again: answer it with a 500. Cancelling leaves the outcome of a handler that had
     * started unknown.
     *
     * @throws UnhandledActionException the approved action has no handler and isn't ignored; nothing was claimed.
     * @throws ExecutionUnknownException an earlier run ended without a word; see [DecisionHandlersConfig.atLeastOnce].
     * @throws SesameException any other failure before the handler; each says what to do next. The handler's own exceptions pass unchanged, and
     * leave the outcome unknown unless it was registered with `safeToRetry`.
     */
    public suspend fun dispatch(event: WebhookEvent): DispatchResult {
        if (!event.isVerified) throw InvalidRequestException("${event.approvalId}: only what a WebhookVerifier has verified is dispatched")
        val delivery = "${event.webhookId} ${event.type} ${event.approvalId}"
        if (event.webhookId != null && delivery in done) return DispatchResult.DONE_BEFORE
        val result = if (event.status == ApprovalStatus.APPROVED) runApproved(event) else tell(event)
        if (event.webhookId != null && result.mayAcknowledge) done.add(delivery)
        return result
    }

    private suspend fun tell(event: WebhookEvent): DispatchResult {
        val handler = ended[event.status] ?: return DispatchResult.NOT_REGISTERED
        return DispatchResult.ran(handler(event))
    }

    private suspend fun runApproved(event: WebhookEvent): DispatchResult {
        if (event.action in ignored) return DispatchResult.NOT_REGISTERED
        val handler = approved[event.action] ?: otherwise ?: throw UnhandledActionException(event.action, actions)
        val asked = sesame.attach(event.approvalId)
        var hasStarted = false
        return try {
            EventCheck.check(event, asked.approval, atLeastOnce)
            val didNothing: (Throwable) -> Boolean = { !hasStarted || handler.safeToRetry(it) }
            val value = asked.run(EventCheck.CLAIM_WITHIN, afterUnknown = atLeastOnce, safeToRetry = didNothing) { approved ->
                EventCheck.check(event, approved, atLeastOnce)
                val whole = EventCheck.whole(event, approved)
                hasStarted = true
                handler.function(whole)
            }
            DispatchResult.ran(value)
        } catch (problem: AlreadyExecutedException) {
            if (hasStarted) throw problem else DispatchResult.DONE_BEFORE
        } catch (problem: AlreadyClaimedException) {
            if (hasStarted) throw problem else DispatchResult.UNDER_WAY
        }
    }

    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "DecisionHandlers(${actions.sorted().joinToString()})"
}
