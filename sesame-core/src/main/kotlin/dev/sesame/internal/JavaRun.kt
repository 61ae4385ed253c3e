package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.WebhookEvent
import kotlinx.coroutines.Job
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import java.util.function.Predicate

/**
 * One run of an approved action: [begin] just before the user's code starts, then one of [succeeded] and [failed]; or else [giveBack].
 *
 * The futures complete when the broker knows, or after a few seconds, since the report is tried on beside; they never fail.
 */
@InternalSesameApi
public class JavaRun internal constructor(private val execute: Execute, private val granted: Granted) {
    private var running: Execute.Running? = null

    /** What was approved. */
    public val approval: Approval get() = granted.approval

    /** [event] as its handler gets it: with what a rule left out of the webhook. */
    public fun whole(event: WebhookEvent): WebhookEvent = EventCheck.whole(event, approval)

    /**
     * From now on the claim is kept alive. A start that was put off for longer than the lease is none: `BrokerUnavailableException`, and the
     * claim is given back.
     */
    public fun begin() {
        running = execute.begin(granted)
    }

    /** The user's code returned. */
    public fun succeeded(): CompletableFuture<Void?> = reported(running?.succeeded())

    /** The user's code threw [problem]; where that is [safeToRetry], it did nothing. */
    public fun failed(problem: Throwable, safeToRetry: Predicate<in Throwable>): CompletableFuture<Void?> =
        reported(running?.failed(problem, safeToRetry::test))

    /** The user's code was not started and won't be. */
    public fun giveBack() {
        granted.claim?.let(execute::giveBack)
    }

    internal fun orGiveBack(check: (JavaRun) -> Unit): JavaRun {
        try {
            check(this)
        } catch (problem: RuntimeException) {
            giveBack()
            throw problem
        }
        return this
    }

    private fun reported(report: Job?): CompletableFuture<Void?> {
        val told = CompletableFuture<Void?>()
        if (report == null) told.complete(null) else report.invokeOnCompletion { told.complete(null) }
        return told.completeOnTimeout(null, Execute.REPORT_BESIDE_CALLER.inWholeMilliseconds, TimeUnit.MILLISECONDS)
    }
}
