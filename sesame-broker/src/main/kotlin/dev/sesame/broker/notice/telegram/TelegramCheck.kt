package dev.sesame.broker.notice.telegram

import dev.sesame.broker.notice.ChannelCheck
import dev.sesame.broker.notice.Told
import dev.sesame.broker.store.NoticeStore

/** Writes a test message into the chat of the approver's linked account. */
internal class TelegramCheck(private val bot: Bot, private val notices: NoticeStore) : ChannelCheck {
    override val name = TelegramChannel.NAME

    override suspend fun test(approverId: String): Told {
        val contact = notices.contacts().firstOrNull { it.channel == name && it.approverId == approverId }
            ?: return Told.Dropped("no Telegram account is linked to you")
        return bot.send(contact.address, MESSAGE).toTold()
    }

    private companion object {
        val MESSAGE = MessageText().ours("This is a test message, sent from the admin pages. Nothing waits for an answer.").done()
    }
}
