package dev.sesame.checks.behaviour

import java.time.Duration
import java.util.concurrent.TimeUnit.MILLISECONDS
import java.util.concurrent.locks.LockSupport

/** What [look] finds, once it finds something; within [bound]. */
internal fun <T : Any> soon(bound: Duration, look: () -> T?): T {
    val end = System.nanoTime() + bound.toNanos()
    while (System.nanoTime() < end) {
        look()?.let { return it }
        LockSupport.parkNanos(MILLISECONDS.toNanos(PAUSE_MS))
    }
    throw AssertionError("nothing was found within $bound")
}

private const val PAUSE_MS = 10L
