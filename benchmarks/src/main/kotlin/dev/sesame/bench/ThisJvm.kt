package dev.sesame.bench

import java.lang.management.ManagementFactory
import kotlin.math.abs

/** What this JVM holds, read from outside the code under test. */
internal object ThisJvm {
    private const val COLLECTIONS = 3
    private const val LOOKS = 10
    private const val LOOK_EVERY_MS = 1_000L
    private const val STEADY_BYTES = 20_000

    /** Bytes in use on the heap after three collections. */
    fun heapBytes(): Double {
        repeat(COLLECTIONS) { System.gc() }
        return ManagementFactory.getMemoryMXBean().heapMemoryUsage.used.toDouble()
    }

    /** The same, once it stays: what others left is freed when the last of their threads has ended. */
    fun steadyHeapBytes(): Double {
        var last = heapBytes()
        repeat(LOOKS) {
            Thread.sleep(LOOK_EVERY_MS)
            val now = heapBytes()
            if (abs(now - last) < STEADY_BYTES) return now
            last = now
        }
        return last
    }

    /** Platform threads: virtual ones are part of the heap. */
    fun threads(): Double = ManagementFactory.getThreadMXBean().threadCount.toDouble()

    /** Which ones: what was there before can end meanwhile, and would hide what was added. */
    fun threadIds(): Set<Long> = ManagementFactory.getThreadMXBean().allThreadIds.toSet()
}
