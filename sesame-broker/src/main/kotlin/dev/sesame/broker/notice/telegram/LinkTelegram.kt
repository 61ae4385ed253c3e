package dev.sesame.broker.notice.telegram

import dev.sesame.broker.access.Secret
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.Linked
import dev.sesame.broker.store.NoticeStore
import dev.sesame.broker.store.TelegramStore
import java.time.Duration
import java.time.Instant
import java.time.InstantSource

/** Links a Telegram account to an approver: who sends the code to the bot within ten minutes is linked, and the code is used up. */
internal class LinkTelegram(
    private val store: TelegramStore,
    private val notices: NoticeStore,
    private val access: AccessStore,
    private val makeCode: () -> String,
    private val clock: InstantSource,
) {
    /** The name under which people find the bot, once Telegram has said it. */
    @Volatile var botName: String? = null

    /** A new code, which takes the place of an earlier one; `null` where there is no such approver, or none any more. */
    suspend fun newCode(approverId: String): LinkCode? {
        if (!access.isActive(approverId)) return null
        val code = makeCode()
        val expiresAt = clock.instant() + VALIDITY
        store.keepCode(Secret(code).hash, approverId, expiresAt)
        return LinkCode(code, expiresAt, botName?.let { "https://t.me/$it?start=$code" })
    }

    suspend fun link(code: String, account: String): Linked = store.link(Secret(code).hash, account, clock.instant(), MOST_LINKED)

    suspend fun isLinked(approverId: String): Boolean =
        notices.contacts().any { it.channel == TelegramChannel.NAME && it.approverId == approverId }

    /** `false` where no account was linked. */
    suspend fun unlink(approverId: String): Boolean = notices.removeContacts(TelegramChannel.NAME, approverId, clock.instant())

    companion object {
        val VALIDITY: Duration = Duration.ofMinutes(10)

        /** A request is told to each of them. */
        const val MOST_LINKED = 1_000
    }
}

/** A code that links once, shown once; [url] brings it to the bot with one tap. It never prints itself. */
internal class LinkCode(val clear: String, val expiresAt: Instant, val url: String?)
