package dev.sesame.broker.notice.telegram

import dev.sesame.broker.notice.Contact
import dev.sesame.broker.store.NoticeStore
import dev.sesame.broker.store.TelegramStore
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.serialization.json.JsonObject
import java.time.Duration
import java.time.InstantSource

/**
 * Deals with what Telegram tells, one thing at a time. When it returns, that is on disk, and the same update does nothing any more; where it
 * throws, the same update may come again, and a vote that it brought still counts once.
 */
internal class HandleUpdate(
    private val store: TelegramStore,
    private val notices: NoticeStore,
    private val press: PressButton,
    private val commands: Commands,
    private val clock: InstantSource,
) {
    private val oneAtATime = Mutex()

    suspend fun handle(json: JsonObject) {
        val id = Update.idOf(json) ?: return
        oneAtATime.withLock {
            if (store.knows(id)) return
            Update.of(json)?.let { act(it) }
            skip(id)
        }
    }

    /** The update is not looked at any more. */
    suspend fun skip(updateId: Long) {
        val now = clock.instant()
        store.keepUpdate(updateId, now, forgetBefore = now - KEPT)
    }

    /** The number that the next update has at least; `null` where any may come. */
    suspend fun next(): Long? = store.lastUpdate(clock.instant() - KEPT)?.plus(1)

    private suspend fun act(update: Update) {
        val contact: Contact? = notices.contact(TelegramChannel.NAME, update.account)
        when (update) {
            is Update.Pressed -> press.pressed(update, contact)
            is Update.Wrote -> commands.wrote(update, contact)
        }
    }

    private companion object {
        /** Telegram keeps updates for a day, and after a quiet week begins to count anew. */
        val KEPT: Duration = Duration.ofDays(6)
    }
}
