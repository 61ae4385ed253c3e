package dev.sesame.internal

import dev.sesame.Approval
import dev.sesame.ApprovalDeniedException
import dev.sesame.ApprovalExpiredException
import dev.sesame.ApprovalNotFoundException
import dev.sesame.ApprovalRequest
import dev.sesame.ApprovalStatus
import dev.sesame.ApprovalTimeoutException
import dev.sesame.ApprovalWithdrawnException
import dev.sesame.InvalidRequestException
import dev.sesame.ProtocolException
import dev.sesame.ReceiptVerificationException
import dev.sesame.ReceiptVerifier
import dev.sesame.SesameConfig
import dev.sesame.SesameException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.serialization.json.JsonObject
import java.security.SecureRandom
import java.util.Base64
import kotlin.coroutines.CoroutineContext
import kotlin.random.Random
import kotlin.random.asKotlinRandom
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** The parts of a client put together: ask, wait, claim, run. What is public is in `Sesame`. */
internal class Client(
    private val config: SesameConfig,
    private val broker: BrokerCalls,
    private val closing: CompletableDeferred<Unit>,
    context: CoroutineContext,
    private val time: TimeSource.WithComparableMarks = TimeSource.Monotonic,
    private val random: Random = SecureRandom().asKotlinRandom(),
) {
    internal val scope = CoroutineScope(context + SupervisorJob())
    private val retry = Retry(Backoff(random), RetryBudget(time), closing, config.listener, time)
    private val direct = DirectWait(broker, retry, time)
    private val feed = DecisionFeed(broker, retry, scope, time)
    internal val policy = PolicyGate(broker, retry, config.retryFor)
    internal val execute = Execute(broker, retry, config.listener, scope, config.requireClaim, ::newClaim)

    private val receipts = receiptVerifier(config)

    /** What one document said holds for all later ones. */
    @Volatile
    private var hasClaims = false

    /** Asks; when this returns, the question is on the broker's disk. A resent request never asks twice: there is always a dedup key. */
    suspend fun ask(request: ApprovalRequest, callerTime: CallerTime): Asking {
        val asked = try {
            Asked(request, config.allowTestMode)
        } catch (problem: NotCanonical) {
            throw InvalidRequestException(problem.message.orEmpty(), mapOf(problem.path to problem.problem), problem)
        }
        val body = request.toBody(request.dedupKey ?: unguessable())
        val approval = withdrawingIfLeft(asked, body) { callerTime.bound(null) { retry.within(config.retryFor) { broker.open(body) } } }
        asked.check(approval, id = null, claims(approval))
        config.listener.requested(approval)
        return Asking(approval, Question(approval, asked))
    }

    /** Throws unless [approval] is about what was asked. */
    fun check(question: Question, approval: Approval) {
        question.asked?.check(approval, question.id, claims(approval)) ?: Asked.checkAttached(approval, question.id, config.allowTestMode)
    }

    private fun claims(approval: Approval): Boolean {
        if (approval.claim == "required" || "claim" in broker.features) hasClaims = true
        return hasClaims
    }

    /** Finds what was asked before, here or elsewhere. */
    suspend fun attach(id: String): Asking {
        val approval = retry.within(config.retryFor) { broker.read(id) }
        Asked.checkAttached(approval, id, config.allowTestMode)
        val whole = approval.context.takeIf { approval.redacted.isEmpty() }
        val question = Question(approval, whole?.let { Asked(approval.action, it, config.allowTestMode, People.of(approval)) })
        check(question, approval)
        return Asking(approval, question)
    }

    /** Waits for the decision; a caller who leaves may take the question along. */
    suspend fun decision(question: Question, callerTime: CallerTime): Approval =
        if (config.cancelOnAbandon) withdrawingIfAbandoned(question.id) { look(question, callerTime) } else look(question, callerTime)

    /** The same, but leaving is not to abandon. */
    suspend fun look(question: Question, callerTime: CallerTime): Approval =
        if (callerTime.isUnbounded) await(question) else callerTime.bound(question.id) { await(question) }

    /** By the shared stream where the broker has one, else with a long poll of its own. The one frame that a wait holds here. */
    private suspend fun await(question: Question): Approval {
        question.ended?.let { return it }
        val heard = if (usesFeed()) feed.await(question.id, question.longest)?.also { check(question, it) } else null
        val decided = heard ?: direct.await(question.id, question.longest + GRACE) { check(question, it) }
        config.listener.decided(decided)
        return decided
    }

    private fun usesFeed() = !config.longPollOnly && "feed" in broker.features

    /** Asks, waits, and runs [block] on a yes; throws on everything else. */
    suspend fun <T> approve(request: ApprovalRequest, how: HowToRun, callerTime: CallerTime, block: suspend (Approval) -> T): T =
        execute.run(grant(request, how.afterUnknown, callerTime), how.safeToRetry, block)

    /** Asks, waits, and takes the right to run on a yes; throws on everything else. */
    suspend fun grant(request: ApprovalRequest, afterUnknown: Boolean, callerTime: CallerTime): Granted =
        grant(question(request, callerTime), afterUnknown, callerTime)

    /** A suspended frame keeps what its last call returned: this keeps the document out of the frame that waits. */
    private suspend fun question(request: ApprovalRequest, callerTime: CallerTime): Question = ask(request, callerTime).question

    /** Runs [block] on a yes, and throws on everything else. */
    suspend fun <T> run(question: Question, how: HowToRun, callerTime: CallerTime, block: suspend (Approval) -> T): T {
        val granted = grant(question, how.afterUnknown, callerTime)
        return execute.run(granted, how.safeToRetry, block)
    }

    /** Waits, and takes the right to run on a yes; throws on everything else. */
    suspend fun grant(question: Question, afterUnknown: Boolean, callerTime: CallerTime): Granted {
        val approval = decision(question, callerTime)
        orThrow(approval)
        Asked.ensureWhole(approval)
        receipts?.let { prove(approval, it, callerTime) }
        if (!claims(approval)) return execute.unclaimed(approval)
        return execute.claim(approval, afterUnknown, callerTime) { check(question, it) }
    }

    /** Throws unless the broker signed this very approval: before the claim, so that nothing has to be given back. */
    private suspend fun prove(approval: Approval, verifier: ReceiptVerifier, callerTime: CallerTime) {
        val receipt = try {
            callerTime.bound(approval.id) { retry.within(config.retryFor) { broker.receipt(approval.id) } }
        } catch (problem: ApprovalNotFoundException) {
            throw ReceiptVerificationException("the broker has none for ${approval.id}", problem)
        }
        verifier.verifyApproved(receipt, approval.id, approval.action, Asked.effectiveHash(approval))
    }

    suspend fun cancel(id: String): Approval = retry.within(config.retryFor) { broker.cancel(id) }

    suspend fun list(path: String, query: Map<String, String>): ApprovalPage = retry.within(config.retryFor) { broker.list(path, query) }

    suspend fun page(path: String, status: ApprovalStatus?, action: String?, cursor: String?): ApprovalPage {
        val filters = listOfNotNull(status?.let { "status" to it.value }, action?.let { "action" to it }, cursor?.let { "cursor" to it })
        return list(path, filters.toMap() + ("limit" to "100"))
    }

    suspend fun <T> call(step: suspend (BrokerCalls) -> T): T = retry.within(config.retryFor) { step(broker) }

    fun callerTime(timeout: Duration?) = CallerTime(timeout, time)

    fun close() {
        closing.complete(Unit)
        feed.close()
        scope.cancel()
        broker.close()
    }

    private fun orThrow(approval: Approval) {
        when (approval.status) {
            ApprovalStatus.APPROVED -> Unit
            ApprovalStatus.DENIED -> throw ApprovalDeniedException(approval)
            ApprovalStatus.EXPIRED -> throw ApprovalExpiredException(approval)
            ApprovalStatus.CANCELLED -> throw ApprovalWithdrawnException(approval)
            else -> throw ProtocolException("${approval.id} ended as ${approval.status}, which this version doesn't know")
        }
    }

    private suspend fun <T> withdrawingIfAbandoned(id: String, step: suspend () -> T): T {
        var ended = false
        try {
            return step().also { ended = true }
        } finally {
            if (!ended) withContext(NonCancellable) { withTimeoutOrNull(WITHDRAW) { withdraw(id) } }
        }
    }

    /** Whoever leaves while the question is on its way doesn't know its id; sent once more, the same dedup key tells it. */
    private suspend fun withdrawingIfLeft(asked: Asked, body: JsonObject, open: suspend () -> Approval): Approval = try {
        open()
    } catch (leaving: Exception) {
        val isAbandoned = config.cancelOnAbandon && (leaving is CancellationException || leaving is ApprovalTimeoutException)
        if (isAbandoned) withContext(NonCancellable) { withTimeoutOrNull(WITHDRAW) { withdrawSent(asked, body) } }
        throw leaving
    }

    private suspend fun withdrawSent(asked: Asked, body: JsonObject) {
        try {
            // More than one try: a connection that was kept may turn out to be gone.
            val approval = retry.within(WITHDRAW) { broker.open(body) }
            asked.check(approval, id = null, claims(approval))
            withdraw(approval.id)
        } catch (_: SesameException) {
            // It stands for something else, was refused, or is out of reach: then the expiry will end it, if it ever arrived.
        }
    }

    private suspend fun withdraw(id: String) {
        try {
            cancel(id)
        } catch (_: SesameException) {
            // Decided meanwhile, or out of reach: the expiry will end it.
        }
    }

    private fun newClaim(approval: Approval) = Claim(approval, unguessable(), config.lease, time)

    /** 192 random bits as text. */
    private fun unguessable(): String = Base64.getUrlEncoder().withoutPadding().encodeToString(random.nextBytes(24))

    private companion object {
        /** Beyond the expiry, for a broker that is being restarted just then. */
        val GRACE = 5.minutes
        val WITHDRAW = 2.seconds
    }
}

/** What the broker answered to a question, and what of it a wait needs. */
internal class Asking(val approval: Approval, val question: Question)

/** What checks receipts, where they are required. */
private fun receiptVerifier(config: SesameConfig): ReceiptVerifier? {
    if (!config.requireReceipt) return null
    val rule = "is needed where requireReceipt is set: the broker's /.well-known/jwks.json, kept beside your configuration"
    val keys = config.receiptKeys ?: throw InvalidRequestException("receiptKeys $rule", mapOf("receiptKeys" to rule))
    return ReceiptVerifier(keys, config.allowTestMode)
}

/** What a caller says about the run. */
internal class HowToRun(val afterUnknown: Boolean = false, val safeToRetry: (Throwable) -> Boolean = { false })
