package dev.sesame.bench.faults

import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random

/** Programs without the SDK: each asks over plain HTTP until it is acknowledged, holds polls until it hears of the end, and asks the next. */
internal class Askers(
    private val doors: List<Door>,
    private val people: People,
    private val callbackUrl: String,
    private val isGivenUp: () -> Boolean,
) {
    private val asked = AtomicInteger()

    /** One question, from asking it to hearing of its end. */
    fun ask(random: Random) {
        val key = "plain-${asked.incrementAndGet()}"
        val question = question(key, callbackUrl)
        val mine = again { doors.random(random).open(key, question) }
        people.ask(mine)
        again { mine.takeIf { doors.random(random).hearOfEnd(it) } }
    }

    private fun <T : Any> again(call: () -> T?): T {
        while (!isGivenUp()) call()?.let { return it } ?: Thread.sleep(AGAIN_MS)
        throw InterruptedException("nobody asks any more")
    }

    companion object {
        private const val AGAIN_MS = 50L

        /** The same each time for the same [key]. */
        fun question(key: String, callbackUrl: String): JsonObject = buildJsonObject {
            put("action", Errands.ACTION)
            put("summary", "Run ${Errands.ACTION}")
            put("context", contextOf(key))
            put("dedup_key", key)
            put("callback_url", callbackUrl)
            put("expires_in", Errands.EXPIRES.inWholeSeconds)
        }
    }
}

internal fun contextOf(key: String): JsonObject = buildJsonObject {
    put("key", key)
    put("cents", key.hashCode())
}
