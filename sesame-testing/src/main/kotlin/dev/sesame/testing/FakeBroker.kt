package dev.sesame.testing

import dev.sesame.Approval
import dev.sesame.ApprovalStatus
import dev.sesame.ReceiptKeys
import dev.sesame.Sesame
import dev.sesame.SesameConfig
import dev.sesame.WebhookSecret
import dev.sesame.testing.internal.Asserting
import dev.sesame.testing.internal.Leaks
import dev.sesame.testing.internal.Parts
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toKotlinDuration

/**
 * A broker for tests: the real rules over a store in memory, a clock that the test moves, and people who answer as the test says.
 *
 * Clients reach it in this process, without a port ([sesame]), or over HTTP ([serve]). It passes the same contract suite as the real broker.
 * Nothing is kept; [close] leaves no thread behind. Thread-safe.
 *
 * @property clock the broker's time, which stands still until the test moves it.
 */
public class FakeBroker @JvmOverloads constructor(public val clock: MovableClock = MovableClock()) : AutoCloseable {
    private val clients = CopyOnWriteArrayList<AutoCloseable>()

    /** What signs every webhook of this broker. */
    public val webhookSecret: WebhookSecret = WebhookSecret.random()
    internal val parts: Parts = Parts(clock, webhookSecret)
    private val asserting = Asserting(parts)
    private val account = parts.access.account("default")

    /** The live key of the requester that [sesame] asks for, `sk_live_sh_…`. */
    public val apiKey: String get() = account.liveKey

    /** The same requester's test key, `sk_test_sh_…`: what is asked with it meets nothing that is live. */
    public val testApiKey: String get() = account.testKey

    /** The token of a person who may also cancel any request and settle an unknown outcome over HTTP. */
    public val adminToken: String get() = parts.access.admin.token

    /**
     * A client in this process, closed with the broker: its calls go through all of the real client but the socket. [configure] may change
     * anything but the way here, the key too (`apiKey = broker.testApiKey`).
     */
    @JvmOverloads
    public fun sesame(configure: SesameConfig.() -> Unit = {}): Sesame = client(apiKey, configure)

    private fun client(key: String, configure: SesameConfig.() -> Unit): Sesame = Sesame {
        apiKey = key
        context = parts.time.source?.let { parts.time.background }
        time = parts.time.source
        configure()
        brokerUrl = Parts.NOWHERE
        engine = parts.engine
    }.also(clients::add)

    /** Another program that asks, made at first use. */
    public fun requester(name: String): Requester = Requester(parts.access, parts.access.account(name), ::client)

    /** A person who answers, made at first use; silent until told. */
    public fun approver(name: String): Approver = Approver(parts.desk, parts.access.member(name))

    /**
     * From now on the policy says what [script] says, and nothing of what it said before; without this, people are asked about everything.
     *
     * What it permits or denies is decided when it is asked, as `policy`; nobody answers it.
     */
    public fun policy(script: PolicyScript.() -> Unit) {
        parts.desk.policy = PolicyScript().apply(script)
    }

    /** By which receipts of this broker are known, for `receiptKeys`; another for each broker. Over [serve]: `/.well-known/jwks.json`. */
    public val receiptKeys: ReceiptKeys get() = ReceiptKeys.fromJwks(parts.signer.jwks.toString())

    /** From now on its receipts are [kind], also those of earlier decisions: so a test sees that nothing runs without a genuine one. */
    public fun receipts(kind: Receipts) {
        parts.signer.kind = kind
    }

    /** Opens a port on loopback, once, and returns its address, for `brokerUrl` or `SESAME_BROKER_URL`; [close] closes it. */
    public fun serve(): String = parts.serve()

    /** Everything that was asked, by whomever, oldest first, as it stands now. */
    public val asked: List<Approval> get() = parts.store.all().map(parts.desk::document)

    /** What of it nobody has decided, oldest first. */
    public val pending: List<Approval> get() = asked.filter { it.status == ApprovalStatus.PENDING }

    /** The approval of that [id] as it stands now; `AssertionError` where nothing of that id was asked. */
    public fun approval(id: String): Approval = asserting.approval(id)

    /** The one approval that is pending; `AssertionError`, which says what there is, where there is none or more than one. */
    public fun onlyPending(): Approval = asserting.onlyPending()

    /** Waits until something is pending, then as [onlyPending]; `AssertionError` where nothing is within [timeout]. */
    @JvmSynthetic
    public suspend fun awaitPending(timeout: Duration = 5.seconds): Approval {
        withTimeoutOrNull(timeout) { parts.store.changes.first { pending.isNotEmpty() } }
        return onlyPending()
    }

    /** The same for callers in Java; it blocks the thread. */
    public fun awaitPending(timeout: java.time.Duration): Approval = runBlocking { awaitPending(timeout.toKotlinDuration()) }

    /** Does [fault] to the next call, or the next so many ([times]), of that kind ([of]) or of any. Faults apply in the order of these lines. */
    @JvmOverloads
    public fun fail(fault: Fault, times: Int = 1, of: CallKind? = null): Unit = parts.faults.add(fault, times, of)

    /**
     * The webhooks owed for all decisions so far, in their order: to the `callback_url` of a request, and to each [endpoint]. Nothing is sent:
     * hand them to your receiver. Each look signs them anew, with the time of [clock] and the same ids.
     */
    public val webhooks: List<Webhook> get() = parts.owed.all()

    /** Registers [url], an https address, which is owed every decision from now on; it is signed with [webhookSecret] too. */
    public fun endpoint(url: String): Unit = parts.owed.register(url)

    /** `AssertionError` unless [action] was asked, with a context that is [contextJson] in any order and spacing, where that is given. */
    @JvmOverloads
    public fun assertAsked(action: String, contextJson: String? = null): Approval = asserting.asked(action, contextJson)

    /** `AssertionError`, which says what was asked, if anything was. */
    public fun assertNothingAsked(): Unit = asserting.nothingAsked()

    /** `AssertionError` unless the block of the approval [id] ran to its end, and no other run of it began that may have done something. */
    public fun assertRanOnce(id: String): Unit = asserting.ranOnce(id)

    /** `AssertionError` if a block of the approval [id] began that wasn't reported as having done nothing. */
    public fun assertNeverRan(id: String): Unit = asserting.neverRan(id)

    /**
     * `AssertionError` if a wait or a decision feed is still open after a moment, or a run is claimed without an outcome; the extensions for
     * JUnit and Kotest end each test with it. A long poll over [serve] counts until its time is over, whether its caller left or not.
     */
    public fun assertNoLeaks(): Unit = asserting.noLeaks(Leaks(parts).find())

    /** Closes the clients made by [sesame], and the port; what waits ends with an exception. */
    override fun close() {
        clients.forEach { it.close() }
        parts.close()
    }

    /** For logs: never a key. */
    override fun toString(): String = "FakeBroker(${parts.address})"
}
