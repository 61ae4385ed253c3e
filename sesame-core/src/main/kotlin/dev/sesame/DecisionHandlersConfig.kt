package dev.sesame

/** What is registered for which decision; see [DecisionHandlers]. */
public class DecisionHandlersConfig internal constructor() {
    internal val approved = HashMap<String, ApprovedHandler>()
    internal val ignored = HashSet<String>()
    internal val ended = HashMap<ApprovalStatus, suspend (WebhookEvent) -> Any?>()
    internal var otherwise: ApprovedHandler? = null
        private set

    /**
     * Whether a handler whose earlier run ended without a word (a crash, an exception) runs again when the webhook comes again, and whether it
     * runs with a broker that hands out no claims: maybe more than once, then. Only for handlers that do nothing worse the second time.
     */
    public var atLeastOnce: Boolean = false

    /**
     * [handler] runs when [action] was approved, at most once, with the effective context in its event.
     *
     * @param safeToRetry whether an exception of the handler means that it did nothing, so that the next delivery runs it again.
     */
    public fun on(action: String, safeToRetry: (Throwable) -> Boolean = { false }, handler: suspend (WebhookEvent) -> Any?) {
        if (approved.putIfAbsent(action, ApprovedHandler(safeToRetry, handler)) != null ||
            action in ignored
        ) {
            throw twice("the action $action")
        }
    }

    /**
     * Approvals of [actions] are acknowledged without being claimed or run: somebody else runs them. An endpoint gets all decisions of its
     * requester, those that an `approve` waits for among them.
     */
    public fun ignore(vararg actions: String) {
        for (action in actions) if (!ignored.add(action) || action in approved) throw twice("the action $action")
    }

    /** [handler] runs when an action was approved that has none of its own; without it that is an [UnhandledActionException]. Claims as `on` does. */
    public fun otherwise(safeToRetry: (Throwable) -> Boolean = { false }, handler: suspend (WebhookEvent) -> Any?) {
        if (otherwise != null) throw twice("otherwise")
        otherwise = ApprovedHandler(safeToRetry, handler)
    }

    /** [handler] hears that somebody said no, whatever the action; maybe more than once. */
    public fun onDenied(handler: suspend (WebhookEvent) -> Any?): Unit = onEnd(ApprovalStatus.DENIED, handler)

    /** [handler] hears that nobody answered in time, whatever the action; maybe more than once. */
    public fun onExpired(handler: suspend (WebhookEvent) -> Any?): Unit = onEnd(ApprovalStatus.EXPIRED, handler)

    /** [handler] hears that the question was taken back, whatever the action; maybe more than once. */
    public fun onCancelled(handler: suspend (WebhookEvent) -> Any?): Unit = onEnd(ApprovalStatus.CANCELLED, handler)

    private fun onEnd(status: ApprovalStatus, handler: suspend (WebhookEvent) -> Any?) {
        if (ended.putIfAbsent(status, handler) != null) throw twice("$status")
    }

    private fun twice(what: String) = InvalidRequestException("two handlers for $what: only one could run")
}

internal class ApprovedHandler(val safeToRetry: (Throwable) -> Boolean, val function: suspend (WebhookEvent) -> Any?)
