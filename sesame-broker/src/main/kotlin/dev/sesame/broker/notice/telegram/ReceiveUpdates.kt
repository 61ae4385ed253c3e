package dev.sesame.broker.notice.telegram

import dev.sesame.broker.approval.Contended
import dev.sesame.broker.store.StoreUnavailable
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.delay
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import org.slf4j.LoggerFactory
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Gets what happens in Telegram: by asking, which works from behind any router, or by having Telegram call. */
internal class ReceiveUpdates(private val api: BotApi, private val handle: HandleUpdate, private val hold: Duration = 50.seconds) {
    private var failures = 0
    private var triesOfOne = 0

    /** Asks for updates until it is cancelled. What is not dealt with is not acknowledged, and so comes again. */
    suspend fun ask() {
        insist("deleteWebhook", JsonObject(emptyMap()))
        while (true) {
            val answer = api.call("getUpdates", question(), hold + PATIENCE)
            if (answer is BotAnswer.Done) dealWith(answer.result as? JsonArray ?: JsonArray(emptyList())) else failed(answer)
        }
    }

    /** Has Telegram call [url] with [secret]; returns when it will. */
    suspend fun beCalled(url: String, secret: String) = insist(
        "setWebhook",
        buildJsonObject {
            put("url", url)
            put("secret_token", secret)
            putJsonArray("allowed_updates") { KINDS.forEach { add(it) } }
        },
    )

    private suspend fun question(): JsonObject = buildJsonObject {
        handle.next()?.let { put("offset", it) }
        put("timeout", hold.inWholeSeconds)
        putJsonArray("allowed_updates") { KINDS.forEach { add(it) } }
    }

    private suspend fun dealWith(updates: JsonArray) {
        failures = 0
        for (update in updates) {
            if (update !is JsonObject) continue
            try {
                handle.handle(update)
                triesOfOne = 0
            } catch (leaving: CancellationException) {
                throw leaving
            } catch (problem: Exception) {
                return notDealtWith(update, problem)
            }
        }
    }

    /** It comes again; one that never works must not keep all others back. */
    private suspend fun notDealtWith(update: JsonObject, problem: Exception) {
        log.error("An update from Telegram failed", problem)
        delay(AFTER_FAULT)
        // Where the store or many votes at once are the cause, it is not the update: it may be a vote, and is never given up.
        if (problem is StoreUnavailable || problem is Contended || ++triesOfOne < MOST_TRIES) return
        triesOfOne = 0
        Update.idOf(update)?.let { handle.skip(it) }
    }

    private suspend fun insist(method: String, body: JsonObject) {
        while (true) {
            val answer = api.call(method, body, PATIENCE)
            if (answer is BotAnswer.Done) return
            failed(answer)
        }
    }

    private suspend fun failed(answer: BotAnswer) {
        val (why, asked) = when (answer) {
            is BotAnswer.Refused -> "${answer.code} ${answer.why}" to answer.retryAfter
            is BotAnswer.None -> answer.why to null
            is BotAnswer.Done -> return
        }
        val pause = asked ?: minOf(SHORTEST_PAUSE * (1 shl minOf(failures, DOUBLINGS)), LONGEST_PAUSE)
        failures++
        log.warn("Telegram can't be asked ({}); trying again in {}", why, pause)
        delay(pause)
    }

    private companion object {
        val KINDS = listOf("message", "callback_query")
        val PATIENCE = 15.seconds
        val AFTER_FAULT = 1.seconds
        val SHORTEST_PAUSE = 1.seconds
        val LONGEST_PAUSE = 1.minutes
        const val DOUBLINGS = 6
        const val MOST_TRIES = 10
        val log = LoggerFactory.getLogger("dev.sesame.broker.telegram")!!
    }
}
