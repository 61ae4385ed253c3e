package dev.sesame.broker

import dev.sesame.Mode
import dev.sesame.WebhookSecret
import dev.sesame.broker.access.AskingRate
import dev.sesame.broker.access.CannotUnseal
import dev.sesame.broker.access.ClaimToken
import dev.sesame.broker.access.Enrol
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.Places
import dev.sesame.broker.access.Register
import dev.sesame.broker.access.Revocations
import dev.sesame.broker.access.Secret
import dev.sesame.broker.access.SecretBox
import dev.sesame.broker.access.SecretsKey
import dev.sesame.broker.access.Sessions
import dev.sesame.broker.access.Site
import dev.sesame.broker.access.passkey.Challenges
import dev.sesame.broker.access.passkey.Passkeys
import dev.sesame.broker.among.DatabaseClock
import dev.sesame.broker.approval.Adjudicate
import dev.sesame.broker.approval.AwaitDecision
import dev.sesame.broker.approval.CancelApproval
import dev.sesame.broker.approval.CastVote
import dev.sesame.broker.approval.ClaimExecution
import dev.sesame.broker.approval.Closing
import dev.sesame.broker.approval.EraseValues
import dev.sesame.broker.approval.EscalateDue
import dev.sesame.broker.approval.EventCursor
import dev.sesame.broker.approval.ExpireDue
import dev.sesame.broker.approval.ExtendExpiry
import dev.sesame.broker.approval.FollowDecisions
import dev.sesame.broker.approval.FollowInbox
import dev.sesame.broker.approval.ForgetOld
import dev.sesame.broker.approval.NextDue
import dev.sesame.broker.approval.OpenApproval
import dev.sesame.broker.approval.PendingLimit
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.approval.ReportOutcome
import dev.sesame.broker.delivery.AdmitEndpoint
import dev.sesame.broker.delivery.AttemptDelivery
import dev.sesame.broker.delivery.CallbackSecret
import dev.sesame.broker.delivery.DeliverDue
import dev.sesame.broker.delivery.DeliveryState
import dev.sesame.broker.delivery.EndpointRegister
import dev.sesame.broker.delivery.Lanes
import dev.sesame.broker.delivery.Redeliver
import dev.sesame.broker.delivery.RetrySchedule
import dev.sesame.broker.delivery.Signatures
import dev.sesame.broker.delivery.WebhookSecrets
import dev.sesame.broker.egress.Egress
import dev.sesame.broker.egress.OwnAddresses
import dev.sesame.broker.egress.Target
import dev.sesame.broker.egress.WebhookSender
import dev.sesame.broker.http.AdminRoutes
import dev.sesame.broker.http.ApprovalRoutes
import dev.sesame.broker.http.Callers
import dev.sesame.broker.http.CallsInFlight
import dev.sesame.broker.http.DecisionRoutes
import dev.sesame.broker.http.DeliveryRoutes
import dev.sesame.broker.http.Documents
import dev.sesame.broker.http.EndpointRoutes
import dev.sesame.broker.http.ExecutionRoutes
import dev.sesame.broker.http.FeedRoutes
import dev.sesame.broker.http.GroupRoutes
import dev.sesame.broker.http.InboxStreamRoutes
import dev.sesame.broker.http.OperatingRoutes
import dev.sesame.broker.http.PasskeyRoutes
import dev.sesame.broker.http.RedactRoutes
import dev.sesame.broker.http.RefuseUndecodable
import dev.sesame.broker.http.SessionRoutes
import dev.sesame.broker.http.contractHeaders
import dev.sesame.broker.http.problems
import dev.sesame.broker.inbox.News
import dev.sesame.broker.inbox.StepUp
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.CachingAccessStore
import dev.sesame.broker.store.Committed
import dev.sesame.broker.store.Doorbell
import dev.sesame.broker.store.LocalWakeUp
import dev.sesame.broker.store.sql.SqlAccessStore
import dev.sesame.broker.store.sql.SqlApprovalStore
import dev.sesame.broker.store.sql.SqlDatabase
import dev.sesame.broker.store.sql.SqlDeliveryStore
import dev.sesame.broker.store.sql.SqlEndpointStore
import dev.sesame.broker.store.sql.SqlEpochStore
import dev.sesame.broker.store.sql.SqlPasskeyStore
import dev.sesame.broker.store.sql.SqlSessionStore
import dev.sesame.broker.store.sql.TimedDatabase
import dev.sesame.rules.Event
import dev.sesame.rules.Transition
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.plugins.statuspages.StatusPages
import io.ktor.server.routing.routing
import io.netty.channel.ChannelHandler
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.runBlocking
import java.net.InetSocketAddress
import java.nio.ByteBuffer
import java.nio.file.Files
import java.time.Clock
import java.time.Duration
import java.time.InstantSource
import java.time.ZoneOffset
import kotlin.random.Random
import kotlin.time.TimeSource

/** The one place that knows every part: stores, use cases, routes. Clock and randomness come in here and nowhere else. */
internal class Wiring(
    config: BrokerConfig,
    dataDir: BrokerDirectory,
    givenClock: InstantSource = Clock.tickMillis(ZoneOffset.UTC),
    private val random: (Int) -> ByteArray = secureRandom(),
    opened: SqlDatabase = openDatabase(config, dataDir),
) : AutoCloseable {
    private val heldPolls = Places("polls", config.limits.heldPolls)
    private val feeds = Places("feeds", config.limits.feeds)
    private val inboxStreams = Places("inbox streams", INBOX_STREAMS)
    private val metrics = Metrics(heldPolls, feeds, inboxStreams)
    private val database: SqlDatabase = TimedDatabase(opened, TimeSource.Monotonic, metrics.database::count)
    private val ids = Ids(random)
    private val together = togetherOn(opened, ids::bare)
    private val sharedClock = together?.let { all -> DatabaseClock(givenClock).also { orClosed { runBlocking { it.set(all) } } } }
    private val clock: InstantSource = sharedClock ?: givenClock

    init {
        metrics.watchClock { sharedClock?.ahead() ?: Duration.ZERO }
    }

    private val keyIsNew = config.secretsKey == null && Files.notExists(dataDir.path.resolve(SecretsKey.FILE))
    private val secretBox = orClosed { SecretBox(config.secretsKey ?: dataDir.secretsKey(random), random) }
    private val proof = orClosed { ProofWiring(database, secretBox, keyIsNew, clock, random) }
    private val store = SqlApprovalStore(database, ids::delivery, NoticeWiring.channels(config))
    private val access: AccessStore = CachingAccessStore(SqlAccessStore(database), TimeSource.Monotonic)
    private val wakeUp = LocalWakeUp()
    private val revocations = Revocations()

    private val closing = Closing(Random(ByteBuffer.wrap(random(Long.SIZE_BYTES)).getLong()))
    private val epochs = SqlEpochStore(database)
    private val epoch = orClosed { runBlocking { epochOf(opened, epochs, ids.bare(), clock.instant()) } }
    private val cursors = EventCursor(epoch, clock)
    private val watch = WatchDatabase(epochs, epoch, movedFrom(opened))

    /** Completes when the broker has to end by itself. */
    val ended: Deferred<Ended> get() = watch.ended

    /** Where people and programs reach this broker; known once the port is. */
    @Volatile var site = Site(config.publicUrl.orEmpty())

    /** No webhook may reach this broker itself; where it listens is known once the port is. */
    fun listensAt(address: InetSocketAddress) {
        webhooks.listening = OwnAddresses(address)
    }

    val register = Register(access, ids, random, clock, revocations)
    private val sessions = Sessions(SqlSessionStore(database), access, ids, random, clock, revocations)
    private val passkeyStore = SqlPasskeyStore(database)
    private val passkeys = Passkeys(passkeyStore, access, Challenges(passkeyStore, access, random, clock), ids, clock)
    private val webhooks =
        orClosed { WebhookWiring(config, database, store, access, secretBox, keyIsNew, proof, ids, clock, random, metrics) }

    /** What signs webhooks to callback URLs, where it was made at this start. */
    val madeWebhookSecret: WebhookSecret? get() = webhooks.madeSecret
    private val feedBells = LocalWakeUp()
    private val inboxBell = Doorbell()
    private val followInbox = FollowInbox(store, inboxBell, closing, TimeSource.Monotonic)
    private val adjudicate = Adjudicate(store, clock, ::committed)
    private val read = ReadApproval(store, adjudicate, clock)
    private val policy = orClosed { PolicyWiring(config, dataDir, database, access, clock, metrics) }
    private val tokens = orClosed { ClaimToken(runBlocking { access.ownSecret("claim-token") { random(CLAIM_KEY_BYTES) } }) }
    private val documents = Documents({ site.url("") }, clock)
    private val callers = Callers(access, sessions) { site }
    private val vote = CastVote(adjudicate, access)
    private val extend = ExtendExpiry(adjudicate, access, clock, config.extendWithin)
    private val report = ReportOutcome(adjudicate, tokens)
    private val eraseValues = EraseValues(store, adjudicate, clock)
    private val notices = orClosed {
        val push = PushWiring(config, database, access, secretBox, keyIsNew, webhooks::isOwn)
        NoticeWiring(config, database, store, access, read, vote, ids, clock, random, metrics, { site }, webhooks::isOwn, push)
    }
    private val among = orClosed { together?.let { Among(it, revocations, sharedClock!!, TimeSource.Monotonic, ::wake) } }
        .also { metrics.watchWork { it?.holdsTurn ?: true } }
    private val nextDue = NextDue(store, clock, TimeSource.Monotonic)
    val counting = Counting(read, webhooks, metrics)
    val workers =
        Workers(
            nextDue,
            ExpireDue(store, adjudicate, clock),
            EscalateDue(store, adjudicate, clock),
            ForgetOld(store, clock),
            eraseValues,
            webhooks.deliverDue,
            counting::run,
            notices::run,
            notices::answer,
            proof::checkpoint,
            policy::look,
            watch::look,
            among,
        )

    private val news = News(followInbox, cursors, clock, documents::of)
    private val stepUp = StepUp(passkeys, { site }, config.confirmRisk, config.stepUp == StepUpBy.PASSKEY)
    private val inbox = InboxWiring(
        read,
        vote,
        extend,
        report,
        access,
        sessions,
        webhooks.deliveries,
        notices.store,
        notices.linkTelegram,
        news,
        notices.push,
        passkeys,
        stepUp,
        config.denyReasons,
        clock,
        config.trustedProxies,
    ) { site }
    private val enrol = Enrol(access, register, ids)
    private val admin = AdminWiring(
        access,
        store,
        webhooks.endpoints,
        webhooks.deliveries,
        enrol,
        sessions,
        webhooks.endpointRegister,
        webhooks.admitEndpoint,
        webhooks.redeliver,
        notices,
        ids,
        clock,
    ) { site }
    private val calls = CallsInFlight(closing.begun, metrics::countCall)

    /** From now on no call is taken, and what is held ends with what stands, within 2 s; returns when all were told to. */
    suspend fun endHeldCalls() = closing.end(calls.now)

    /** Returns when every call has its answer. */
    suspend fun awaitAnswers() = calls.awaitNone()

    suspend fun hasApprovers(): Boolean = access.approvers().isNotEmpty()

    /** A link that signs that approver in, once. */
    suspend fun signInLink(approverId: String): String? = sessions.link(approverId)?.let { (_, secret) -> site.signInUrl(secret) }

    suspend fun knowsApprover(token: Secret): Boolean = access.approverByHash(token.hash) != null

    suspend fun hasKeys(): Boolean = access.keys().isNotEmpty()

    /** After every commit: whoever waits may look again. */
    private fun committed(transition: Transition) {
        transition.steps.forEach(metrics::count)
        nextDue.changed()
        among?.ring()
        if (transition.after.isForPeople) inboxBell.ring()
        if (transition.event.isDecision || transition.event in setOf(Event.OPENED, Event.VOTED, Event.ESCALATED)) notices.nudge()
        if (transition.event.isDecision) decided(transition.after.id, transition.after.question.requesterId)
    }

    /** The same after a commit of any broker's on this database, this one's own among them. */
    private fun wake(event: Committed) {
        if (event.mode == Mode.LIVE) inboxBell.ring()
        nextDue.changed()
        notices.nudge()
        if (event.isDecision) decided(event.approvalId, event.requesterId)
    }

    private fun decided(approvalId: String, requesterId: String) {
        wakeUp.wake(approvalId)
        feedBells.wake(requesterId)
        webhooks.deliverDue.nudge()
    }

    /** For the engine's pipeline, one for each connection. */
    fun refuseUndecodable(): ChannelHandler = RefuseUndecodable(ids, FEATURES)

    fun install(application: Application, limits: Limits) {
        calls.install(application)
        application.install(contractHeaders(ids, FEATURES))
        application.install(StatusPages) { problems(metrics::count) }
        application.install(calls.refusingWhileStopping)
        application.routing {
            approvalRoutes(limits).install(this)
            FeedRoutes(callers, documents, FollowDecisions(store, feedBells, closing), feeds, revocations, cursors).install(this)
            ExecutionRoutes(callers, documents, ClaimExecution(adjudicate, tokens), report).install(this)
            DecisionRoutes(callers, documents, vote, extend, read).install(this)
            RedactRoutes(callers, documents, eraseValues).install(this)
            GroupRoutes(callers, access, register).install(this)
            AdminRoutes(callers, access, enrol, notices.store::contacts).install(this)
            SessionRoutes(callers, access, sessions) { site }.install(this)
            PasskeyRoutes(callers, access, passkeys).install(this)
            webhooks.install(this, callers)
            policy.install(this, callers, limits)
            notices.install(this, callers)
            proof.install(this, callers, read)
            OperatingRoutes(access, metrics::scrape).install(this)
            InboxStreamRoutes(callers, followInbox, inboxStreams, revocations, cursors).install(this)
            inbox.install(this)
            admin.install(this)
        }
    }

    private fun approvalRoutes(limits: Limits) = ApprovalRoutes(
        callers,
        documents,
        OpenApproval(adjudicate, store, access, policy.judge, ids, clock, PendingLimit(store, limits.openRequests)),
        read,
        AwaitDecision(read, wakeUp, closing, clock, TimeSource.Monotonic),
        CancelApproval(adjudicate),
        revocations,
        AskingRate(limits.opensPerSecond, limits.openBurst, TimeSource.Monotonic),
        heldPolls,
        clock,
        webhooks.judgeUrl,
    )

    /** What can't be made leaves no database open. */
    private fun <T> orClosed(make: () -> T): T = try {
        make()
    } catch (problem: Throwable) {
        database.close()
        throw problem
    }

    override fun close() {
        webhooks.close()
        notices.close()
        database.close()
    }

    private companion object {
        const val CLAIM_KEY_BYTES = 32

        /** For each approver; a browser opens one for the page that is seen. */
        const val INBOX_STREAMS = 20

        const val FEATURES = "claim, feed, policy, webhooks"
    }
}
