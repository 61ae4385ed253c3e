package dev.sesame.broker.notice.telegram

import dev.sesame.broker.access.AskingRate
import dev.sesame.broker.access.NoPlace
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import org.slf4j.LoggerFactory
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.TimeSource

/** What the bot says back at once. It keeps no update waiting, and gives up what comes too fast: whoever asked asks again. */
internal class Replies(time: TimeSource.WithComparableMarks) {
    private class Reply(val chat: String, val say: suspend () -> Unit)

    private val waiting = Channel<Reply>(MOST_WAITING)
    private val inChat = ConcurrentHashMap<String, Int>()
    private val strangers = AskingRate(perSecond = 1, burst = 5, time)

    /** Says it in the chat of somebody who is linked. */
    fun to(chat: String, say: suspend () -> Unit) {
        val mine = inChat.merge(chat, 1, Int::plus)!!
        if (mine > MOST_IN_A_CHAT || !waiting.trySend(Reply(chat, say)).isSuccess) left(chat)
    }

    /** Says it to somebody who isn't: one such answer a second, to all of them together, so that nobody makes the bot write for them. */
    fun toStranger(chat: String, say: suspend () -> Unit) {
        try {
            strangers.take("all")
        } catch (_: NoPlace) {
            return
        }
        to(chat, say)
    }

    /** Says what is to be said, until it is cancelled. */
    suspend fun run(): Unit = coroutineScope {
        repeat(VOICES) { launch { for (reply in waiting) say(reply) } }
    }

    private suspend fun say(reply: Reply) {
        try {
            reply.say()
        } catch (leaving: CancellationException) {
            throw leaving
        } catch (problem: Exception) {
            log.error("An answer in Telegram failed", problem)
        } finally {
            left(reply.chat)
        }
    }

    private fun left(chat: String) {
        inChat.computeIfPresent(chat) { _, count -> (count - 1).takeIf { it > 0 } }
    }

    private companion object {
        const val MOST_WAITING = 200
        const val MOST_IN_A_CHAT = 3
        const val VOICES = 8
        val log = LoggerFactory.getLogger("dev.sesame.broker.telegram")!!
    }
}
