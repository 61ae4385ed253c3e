package dev.sesame.bench.faults

import dev.sesame.bench.Reply
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** Whether the brokers do again all that they are for: a question, its decision at another broker, the wait for it, and its webhook. */
internal class Probe(private val scene: Scene) {
    private val count = AtomicInteger()

    /** How long that took to come about over each of [through]; `null` where it didn't within [withinMs]. */
    fun untilWell(withinMs: Long, through: List<Door> = scene.doors): Duration? {
        val began = System.nanoTime()
        val end = began + withinMs * NANOS
        val isWell = through.indices.all { index -> isWell(through[index], through[(index + 1) % through.size], end) }
        return if (isWell) (System.nanoTime() - began).nanoseconds else null
    }

    private fun isWell(here: Door, there: Door, end: Long): Boolean {
        val key = "probe-${count.incrementAndGet()}"
        val question = Askers.question(key, scene.receiver.url)
        val asked = until(end) { here.open(key, question) } ?: return false
        until(end) { there.decide(asked, "approve", 0).takeIf { it != Reply.None } } ?: return false
        until(end) { asked.takeIf(here::hearOfEnd) } ?: return false
        return until(end) { asked.takeIf { scene.receiver.hasCome(it.id) } } != null
    }

    private fun <T : Any> until(end: Long, look: () -> T?): T? {
        while (System.nanoTime() < end) {
            look()?.let { return it }
            Thread.sleep(LOOK_EVERY_MS)
        }
        return null
    }

    private companion object {
        const val NANOS = 1_000_000L
        const val LOOK_EVERY_MS = 20L
    }
}
