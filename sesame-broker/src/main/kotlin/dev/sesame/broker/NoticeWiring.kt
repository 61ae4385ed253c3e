package dev.sesame.broker

import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.Site
import dev.sesame.broker.approval.CastVote
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.delivery.RetrySchedule
import dev.sesame.broker.egress.BotApiClient
import dev.sesame.broker.egress.Egress
import dev.sesame.broker.egress.guardedClient
import dev.sesame.broker.http.Callers
import dev.sesame.broker.http.NoticeRoutes
import dev.sesame.broker.http.TelegramRoutes
import dev.sesame.broker.notice.Channel
import dev.sesame.broker.notice.KnownChannel
import dev.sesame.broker.notice.SendNotices
import dev.sesame.broker.notice.TestChannels
import dev.sesame.broker.notice.push.Push
import dev.sesame.broker.notice.push.PushChannel
import dev.sesame.broker.notice.push.PushConfig
import dev.sesame.broker.notice.telegram.LinkTelegram
import dev.sesame.broker.notice.telegram.Telegram
import dev.sesame.broker.notice.telegram.TelegramChannel
import dev.sesame.broker.notice.telegram.TelegramConfig
import dev.sesame.broker.notice.telegram.TelegramNeeds
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.NoticeStore
import dev.sesame.broker.store.sql.SqlDatabase
import dev.sesame.broker.store.sql.SqlNoticeStore
import dev.sesame.broker.store.sql.SqlTelegramStore
import io.ktor.server.routing.Route
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.net.InetSocketAddress
import java.nio.ByteBuffer
import java.time.InstantSource
import kotlin.random.Random
import kotlin.time.TimeSource

/** The channels over which approvers are told, as the configuration has them. */
internal class NoticeWiring(
    private val config: BrokerConfig,
    private val database: SqlDatabase,
    private val approvals: ApprovalStore,
    private val access: AccessStore,
    private val read: ReadApproval,
    private val vote: CastVote,
    private val ids: Ids,
    private val clock: InstantSource,
    private val random: (Int) -> ByteArray,
    private val metrics: Metrics,
    private val site: () -> Site,
    private val isOwn: (InetSocketAddress) -> Boolean,
    private val makePush: PushWiring,
) : AutoCloseable {
    val store: NoticeStore = SqlNoticeStore(database)
    private val botApi = config.telegram?.let(::botApi)
    private val telegramWebhook = config.telegram?.takeIf { it.byWebhook }?.let { telegramWebhook(config.publicUrl) }
    private val telegram = botApi?.let(::telegram)

    /** Links Telegram accounts; `null` where no bot is set up. */
    val linkTelegram: LinkTelegram? get() = telegram?.link

    /** How browsers are told; `null`: they aren't. */
    val push: Push? = makePush.push(ids, clock, ::sender)

    /** All channels that admins see and may try. */
    val channels = TestChannels(
        listOf(
            KnownChannel(TelegramChannel.NAME, "Telegram", TelegramConfig.TURNED_ON_BY, TelegramConfig.SHAPED_BY, telegram?.check),
            KnownChannel(PushChannel.NAME, "Browser notifications", PushConfig.TURNED_ON_BY, PushConfig.SHAPED_BY, push?.check),
        ),
        clock,
    )

    /** Something happened of which approvers may have to be told. */
    fun nudge() {
        telegram?.nudge()
        push?.nudge()
    }

    /** Answers whoever writes or presses; goes on until it is cancelled. Each broker does: Telegram may call any. */
    suspend fun answer() {
        telegram?.answer()
    }

    /** Sends what is due; goes on until it is cancelled. One broker does for all. */
    suspend fun run(): Unit = coroutineScope {
        store.dropOthers(channels(config), clock.instant())
        launch { telegram?.run(telegramWebhook) }
        launch { push?.run() }
    }

    fun install(route: Route, callers: Callers) {
        NoticeRoutes(callers, approvals, store, access, linkTelegram).install(route)
        telegramWebhook?.let { (_, secret) -> TelegramRoutes(secret) { update -> telegram?.heard(update) }.install(route) }
    }

    override fun close() {
        botApi?.close()
        makePush.close()
    }

    private fun sender(channel: Channel): SendNotices {
        val seed = ByteBuffer.wrap(random(Long.SIZE_BYTES)).getLong()
        return SendNotices(channel, store, approvals, RetrySchedule(Random(seed), SendNotices.STEPS), clock, ended = {
            metrics.count(channel.name, it)
        })
    }

    private fun botApi(config: TelegramConfig): BotApiClient {
        val own = Egress(if (config.apiUrl == null) emptyList() else BotApiClient.ANYWHERE, isOwn = isOwn)
        return BotApiClient(config.apiUrl ?: TelegramConfig.OFFICIAL_API, config.token) { guardedClient(own, limits = BotApiClient.LIMITS) }
    }

    /** Where Telegram calls, and the secret by which it is known. */
    private fun telegramWebhook(publicUrl: String?): Pair<String, String> {
        val base = publicUrl?.takeIf { it.startsWith("https://") }
            ?: throw CannotStart("SESAME_TELEGRAM_WEBHOOK needs a SESAME_PUBLIC_URL that starts with https://: Telegram calls no other")
        val secret = runBlocking { access.ownSecret("telegram-webhook") { (ids.bare() + ids.bare()).toByteArray() } }
        return base + TelegramRoutes.PATH to String(secret)
    }

    private fun telegram(api: BotApiClient): Telegram {
        val needs = TelegramNeeds(
            store,
            SqlTelegramStore(database, TelegramChannel.NAME),
            access,
            read,
            vote,
            clock,
            TimeSource.Monotonic,
            ids::bare,
            config.confirmRisk,
            pageOf = { site().url("/approvals/$it") },
            pageButton = { id -> config.publicUrl?.let { "$it/approvals/$id" } },
        )
        return Telegram(api, needs, ::sender)
    }

    companion object {
        /** The names of the channels that a broker with [config] sends over. */
        fun channels(config: BrokerConfig): Set<String> =
            setOfNotNull(TelegramChannel.NAME.takeIf { config.telegram != null }, PushChannel.NAME.takeIf { config.push.isOn })
    }
}
