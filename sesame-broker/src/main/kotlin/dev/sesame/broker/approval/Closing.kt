package dev.sesame.broker.approval

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.delay
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * That this broker stops. No call is taken from then on, and those that are held end one wave after the other, not all in the same moment: each
 * comes back at once, here or at another broker, where thousands would be in each other's way.
 */
internal class Closing(private val random: Random) {
    private val stopping = CompletableDeferred<Unit>()
    private val waves = List(WAVES) { CompletableDeferred<Unit>() }

    /** Completes with the first word of it. */
    val begun: Deferred<Unit> get() = stopping

    /** Completes when a call is to end that is held from now on. */
    fun wave(): Deferred<Unit> = waves[random.nextInt(WAVES)]

    /** From now on no call is taken, and what is held ends, [count] calls or so; returns when the last wave was told. The fewer, the sooner. */
    suspend fun end(count: Int) {
        stopping.complete(Unit)
        val pause = (EACH * count).coerceAtMost(LONGEST) / WAVES
        waves.forEach {
            it.complete(Unit)
            delay(pause)
        }
    }

    private companion object {
        const val WAVES = 20

        /** Half of what a broker takes in easily. */
        val EACH = 2.milliseconds
        val LONGEST = 2.seconds
    }
}
