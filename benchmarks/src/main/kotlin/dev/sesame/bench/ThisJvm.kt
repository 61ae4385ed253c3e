package dev.sesame.bench

import java.lang.management.ManagementFactory

/** What this JVM holds, read from outside the code under test. */
internal object ThisJvm {
    private const val COLLECTIONS = 3

    /** Bytes in use on the heap after three collections. */
    fun heapBytes(): Double {
        repeat(COLLECTIONS) { System.gc() }
        return ManagementFactory.getMemoryMXBean().heapMemoryUsage.used.toDouble()
    }

    /** Platform threads: virtual ones are part of the heap. */
    fun threads(): Double = ManagementFactory.getThreadMXBean().threadCount.toDouble()

    /** Which ones: what was there before can end meanwhile, and would hide what was added. */
    fun threadIds(): Set<Long> = ManagementFactory.getThreadMXBean().allThreadIds.toSet()
}
