package dev.sesame.bench.notices

import dev.sesame.bench.BrokerProcess

/** One way by which a question reaches somebody. A further way is a file of its own, and a line in [legs]. */
internal interface Leg : AutoCloseable {
    /** Where the question arrives, in words. */
    val label: String

    /** What the broker has to be started with. */
    val environment: Map<String, String> get() = emptyMap()

    /** Returns when [broker] tells of every question that is asked from now on. */
    fun begin(broker: BrokerProcess)

    /** When the question with this summary arrived, on this JVM's clock; `null` where it doesn't in time. */
    fun await(summary: String): Long?
}

/** In the order in which they are printed. */
internal fun legs(telegram: BotApi): List<Leg> = listOf(StreamLeg(), PushLeg(), TelegramLeg(telegram))
