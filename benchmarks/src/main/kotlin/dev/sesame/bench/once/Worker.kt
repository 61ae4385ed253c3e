package dev.sesame.bench.once

import dev.sesame.Sesame
import dev.sesame.SesameException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put
import java.nio.file.Path
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * A user's program: it takes messages from standard input, ships what people approve, and tells its queue on standard output what became of each.
 *
 * Its arguments are the file of its effects, its name, and the lease of its claims in seconds. It ends with its input.
 */
internal fun main(args: Array<String>) {
    val effects = Effects(Path.of(args[0]), args[1])
    Sesame { lease = args[2].toInt().seconds }.use { sesame ->
        runBlocking(Dispatchers.Default) {
            generateSequence(::readlnOrNull).forEach { line -> launch { Worker(sesame, effects).take(Delivery.of(line)) } }
        }
    }
}

private class Worker(private val sesame: Sesame, private val effects: Effects) {
    suspend fun take(delivery: Delivery) {
        val word = try {
            ship(delivery)
            Word.DONE.name
        } catch (problem: SesameException) {
            problem.javaClass.simpleName
        }
        effects.tell("said ${delivery.id} ${delivery.number} $word")
    }

    private suspend fun ship(delivery: Delivery) = sesame.approve(
        ACTION,
        context = buildJsonObject { put("order", delivery.id) },
        dedupKey = delivery.id,
        expiresIn = delivery.expiresInSeconds.seconds,
        afterUnknown = delivery.isAfterUnknown,
    ) { approval ->
        val order = approval.effectiveContext.getValue("order").jsonPrimitive.content
        val run = effects.begin(order)
        delay(delivery.lastingMs.milliseconds)
        effects.end(order, run)
    }
}

/** A message on its way to a worker, for the [number]th time. */
internal class Delivery(
    val id: String,
    val number: Int,
    val lastingMs: Long,
    val expiresInSeconds: Long,
    val isAfterUnknown: Boolean = false,
) {
    override fun toString(): String = "$id $number $lastingMs $expiresInSeconds $isAfterUnknown"

    companion object {
        fun of(line: String): Delivery = line.split(' ').let { (id, number, lasting, expires, again) ->
            Delivery(id, number.toInt(), lasting.toLong(), expires.toLong(), again.toBooleanStrict())
        }
    }
}

/** What the workers ask to do. */
internal const val ACTION = "orders.ship"
