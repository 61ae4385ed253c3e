package dev.sesame

import dev.sesame.internal.Asking
import dev.sesame.internal.CallerTime
import dev.sesame.internal.Client
import dev.sesame.internal.Granted
import dev.sesame.internal.HowToRun
import kotlin.time.Duration

/** A question that was asked: a handle that survives a restart by its [id] (`attach`). */
public class PendingApproval internal constructor(private val client: Client, asking: Asking) {
    private val question = asking.question

    /** What to `attach` to later. */
    public val id: String get() = question.id

    /** The page where people read it, where the broker has one. */
    public val approvalUrl: String? get() = approval.approvalUrl

    /** As it stood when this handle was made; maybe decided already. */
    public val approval: Approval = asking.approval

    /**
     * Returns the approval once it ended, in whichever way: look at its `status`. Cancelling ends the wait, not the question (unless `cancelOnAbandon` is set).
     *
     * @throws ApprovalTimeoutException no decision within [timeout]; the question stays open, likewise.
     */
    public suspend fun await(timeout: Duration? = null): Approval = client.decision(question, client.callerTime(timeout))

    /** Returns the approval as it stands after at most [timeout]: maybe pending, never a timeout exception. */
    public suspend fun poll(timeout: Duration = Duration.ZERO): Approval {
        if (timeout > Duration.ZERO) {
            try {
                return client.look(question, client.callerTime(timeout))
            } catch (_: ApprovalTimeoutException) {
                // Then as it stands now.
            }
        }
        return client.attach(id).approval.also { client.check(question, it) }
    }

    /** Waits as [await] does, then claims and runs [block] on a yes, as `Sesame.approve` does with what was asked here or elsewhere. */
    public suspend fun <T> run(
        timeout: Duration? = null,
        afterUnknown: Boolean = false,
        safeToRetry: (Throwable) -> Boolean = { false },
        block: suspend (Approval) -> T,
    ): T = client.run(question, HowToRun(afterUnknown, safeToRetry), client.callerTime(timeout), block)

    internal suspend fun await(callerTime: CallerTime): Approval = client.decision(question, callerTime)

    internal suspend fun grant(callerTime: CallerTime, afterUnknown: Boolean): Granted = client.grant(question, afterUnknown, callerTime)

    /** Takes the question back; [AlreadyDecidedException] where people were faster. Again: the same answer. */
    public suspend fun cancel(): Approval = client.cancel(id)

    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "PendingApproval($id)"
}
