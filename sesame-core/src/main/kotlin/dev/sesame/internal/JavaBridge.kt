package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalRequest
import dev.sesame.ApprovalStatus
import dev.sesame.GateDecision
import dev.sesame.PendingApproval
import dev.sesame.Sesame
import dev.sesame.WebhookEvent
import java.time.Duration
import java.util.Optional
import java.util.concurrent.CompletableFuture
import kotlin.time.toKotlinDuration

/**
 * What `sesame-java-compat` is made of: the client's steps as futures. Not for others.
 *
 * Completing a future early, by cancelling it or in any other way, ends its step and the HTTP exchange under way; nothing that a step was
 * granted meanwhile is kept. Futures complete on the client's own threads: whoever runs a user's code on them goes elsewhere first.
 */
@InternalSesameApi
public class JavaBridge(private val sesame: Sesame) {
    private val client = sesame.client

    /** What is left of [timeout], from now on, for all steps that are given it; `null` has no end. */
    public fun time(timeout: Duration?): JavaTime = JavaTime(client.callerTime(timeout?.toKotlinDuration()))

    /** Asks; see `Sesame.trigger`. */
    public fun ask(request: ApprovalRequest, time: JavaTime): CompletableFuture<PendingApproval> =
        client.future { PendingApproval(client, client.ask(request, time.callerTime)) }

    /** See `Sesame.attach`. */
    public fun attach(id: String): CompletableFuture<PendingApproval> = client.future { sesame.attach(id) }

    /** See `Sesame.find`. */
    public fun find(id: String): CompletableFuture<Optional<Approval>> = client.future { Optional.ofNullable(sesame.find(id)) }

    /** See `PendingApproval.await`. */
    public fun await(pending: PendingApproval, time: JavaTime): CompletableFuture<Approval> =
        client.future { pending.await(time.callerTime) }

    /** See `PendingApproval.poll`. */
    public fun poll(pending: PendingApproval, timeout: Duration): CompletableFuture<Approval> =
        client.future { pending.poll(timeout.toKotlinDuration()) }

    /** See `PendingApproval.cancel`. */
    public fun cancel(id: String): CompletableFuture<Approval> = client.future { client.cancel(id) }

    /** See `Sesame.receipt`. */
    public fun receipt(id: String): CompletableFuture<String> = client.future { sesame.receipt(id) }

    /** Asks, waits, and takes the right to run on a yes: the first half of `Sesame.approve`, of which [JavaRun] is the second. */
    public fun claim(request: ApprovalRequest, time: JavaTime, afterUnknown: Boolean): CompletableFuture<JavaRun> =
        client.future(JavaRun::giveBack) { JavaRun(client.execute, client.grant(request, afterUnknown, time.callerTime)) }

    /** The same for what was asked already: the first half of `PendingApproval.run`. */
    public fun claim(pending: PendingApproval, time: JavaTime, afterUnknown: Boolean): CompletableFuture<JavaRun> =
        client.future(JavaRun::giveBack) { JavaRun(client.execute, pending.grant(time.callerTime, afterUnknown)) }

    /** The right to run what [event] tells of, as `DecisionHandlers` take it; [WebhookEvent.isVerified] is asked for. */
    public fun claim(event: WebhookEvent, atLeastOnce: Boolean): CompletableFuture<JavaRun> = client.future(JavaRun::giveBack) {
        val asked = sesame.attach(event.approvalId)
        EventCheck.check(event, asked.approval, atLeastOnce)
        val time = client.callerTime(EventCheck.CLAIM_WITHIN)
        val run = JavaRun(client.execute, asked.grant(time, afterUnknown = atLeastOnce))
        run.orGiveBack { EventCheck.check(event, it.approval, atLeastOnce) }
    }

    /** See `Sesame.checkPolicy`. */
    public fun checkPolicy(request: ApprovalRequest): CompletableFuture<GateDecision> = client.future { client.policy.check(request) }

    /** The same for what is to run next: it doesn't end well once the client is closed. */
    public fun permit(request: ApprovalRequest): CompletableFuture<GateDecision> =
        client.future { client.policy.check(request).also { client.policy.ensureWanted() } }

    /** A page of `Sesame.approvals`, up to 100. */
    public fun page(status: ApprovalStatus?, action: String?, cursor: String?): CompletableFuture<JavaPage> =
        client.future { JavaPage(client.page("/v1/approvals", status, action, cursor)) }
}

/** A caller's time. */
@InternalSesameApi
public class JavaTime internal constructor(internal val callerTime: CallerTime)

/** Some approvals, and where the next ones begin; `null` after the last. */
@InternalSesameApi
public class JavaPage internal constructor(page: ApprovalPage) {
    public val approvals: List<Approval> = page.approvals
    public val nextCursor: String? = page.nextCursor
}
