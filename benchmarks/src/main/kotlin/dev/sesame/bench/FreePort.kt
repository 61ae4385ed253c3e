package dev.sesame.bench

import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import kotlin.random.Random
import kotlin.time.Duration

/**
 * A port for a broker that will be killed and come back: outside the range from which the system takes callers' own ports.
 *
 * Within it, a client that tries again while the broker is away can be given that very port, and then talks to itself.
 */
internal fun freePort(): Int = generateSequence { Random.nextInt(LOWEST, HIGHEST) }.take(TRIES).first(::isFree)

private fun isFree(port: Int): Boolean = try {
    ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close()
    true
} catch (_: IOException) {
    false
}

internal fun seconds(time: Duration): String = "%.2f s".format(time.inWholeMilliseconds / 1_000.0)

private const val LOWEST = 12_000
private const val HIGHEST = 32_000
private const val TRIES = 100
