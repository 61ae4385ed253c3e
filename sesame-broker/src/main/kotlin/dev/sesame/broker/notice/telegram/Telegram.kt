package dev.sesame.broker.notice.telegram

import dev.sesame.broker.approval.CastVote
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.notice.SendNotices
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.NoticeStore
import dev.sesame.broker.store.TelegramStore
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.serialization.json.JsonObject
import java.security.MessageDigest
import java.time.InstantSource
import kotlin.time.Duration.Companion.minutes
import kotlin.time.TimeSource

/** What the Telegram part needs of the rest of the broker. */
internal class TelegramNeeds(
    val notices: NoticeStore,
    val telegram: TelegramStore,
    val access: AccessStore,
    val read: ReadApproval,
    val vote: CastVote,
    val clock: InstantSource,
    val time: TimeSource.WithComparableMarks,
    /** A new text of 130 random bits, of letters and digits. */
    val newSecret: () -> String,
    val confirmRisk: Double,
    val pageOf: (String) -> String,
    val pageButton: (String) -> String?,
)

/** The Telegram channel as a whole: its sending, its answers, and what it hears. */
internal class Telegram(private val api: BotApi, needs: TelegramNeeds, sender: (TelegramChannel) -> SendNotices) {
    private val bot = Bot(api, Pace(needs.time))
    private val text = RequestText(needs.confirmRisk, needs.pageOf)
    private val replies = Replies(needs.time)
    private val vote = VoteByTelegram(needs.vote, needs.access, text)
    private val send = sender(TelegramChannel(bot, needs.telegram, text, needs.newSecret, needs.clock, needs.pageButton))
    val link = LinkTelegram(needs.telegram, needs.notices, needs.access, needs.newSecret, needs.clock)
    val check = TelegramCheck(bot, needs.notices)
    private val handle = HandleUpdate(
        needs.telegram,
        needs.notices,
        PressButton(needs.telegram, needs.notices, needs.read, vote, text, bot, replies, needs.clock),
        with(needs) { Commands(link, read, access, notices, telegram, this@Telegram.vote, text, bot, replies, clock, ::nudge) },
        needs.clock,
    )
    private val receive = ReceiveUpdates(api, handle)

    /** Says that something may be to be sent. */
    fun nudge() = send.nudge()

    /** Goes on until it is cancelled; [webhook] is the address and the secret with which Telegram calls, `null` where it is asked. */
    suspend fun run(webhook: Pair<String, String>?): Unit = coroutineScope {
        launch { send.run() }
        if (webhook == null) receive.ask() else receive.beCalled(webhook.first, webhook.second)
    }

    /** Says what those who write or press are answered; goes on until it is cancelled. */
    suspend fun answer(): Unit = coroutineScope {
        launch { replies.run() }
        launch { learnName() }
    }

    /** What Telegram brought by itself; it counts as heard when this returns. */
    suspend fun heard(update: JsonObject) = handle.handle(update)

    private suspend fun learnName() {
        while (link.botName == null) {
            link.botName = bot.name() ?: null.also { delay(AGAIN) }
        }
    }

    private companion object {
        val AGAIN = 1.minutes
    }
}

/** Whether [given] is the very [secret], without telling by the time it takes how much of it was right. */
internal fun isSecret(given: String?, secret: String): Boolean =
    given != null && MessageDigest.isEqual(given.toByteArray(), secret.toByteArray())
