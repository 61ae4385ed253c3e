package dev.sesame.bench.faults

import java.io.IOException

/** A broker's disk that takes no more, in three ways; each must be felt, or the run proves nothing. */
internal class DiskFaults(private val scene: Scene, private val hold: (Long) -> Unit) {
    /** Only the embedded database is on a broker's own disk. */
    private val isOurs = scene.postgres == null

    val leftOut: String?
        get() = "a full disk and a read-only directory (no root, or no mkfs.ext4 and loop mounts)".takeIf { isOurs && scene.disk == null }

    fun all(): List<Fault> = if (!isOurs) emptyList() else ofDisk() + refused()

    private fun ofDisk(): List<Fault> = scene.disk?.let { disk ->
        listOf(
            Fault("disk full", HOLD_MS) { felt(disk::fill, disk::empty) },
            Fault("directory read-only", HOLD_MS) { felt(disk::makeReadOnly, disk::makeWritable).also { startAnew() } },
        )
    }.orEmpty()

    /** Without root: the system refuses this process's writes to files, all of them. */
    private fun refused() = Fault("writes to files refused", HOLD_MS) { felt({ limitFiles("0") }, { limitFiles("unlimited") }) }

    /**
     * SQLite shares the index of its log in mapped memory, and the system ends a process (SIGBUS) that writes to the map of a file which became
     * read-only. Nothing is lost by that; whoever watches over the process starts it again.
     */
    private fun startAnew() {
        val broker = scene.nodes.single().broker
        if (broker.isAlive) return
        scene.remarks += "the system had ended the broker's process, which can't bear that; it was started anew"
        broker.start()
    }

    private fun limitFiles(bytes: String) {
        val pid = scene.nodes.single().broker.pid
        val limited = try {
            ProcessBuilder("prlimit", "--pid", "$pid", "--fsize=$bytes:unlimited").start().waitFor() == 0
        } catch (_: IOException) {
            false
        }
        check(limited) { "prlimit can't change what the broker may write" }
    }

    private fun felt(strike: () -> Unit, relieve: () -> Unit) {
        val before = scene.history.unanswered
        strike()
        try {
            val end = System.nanoTime() + FELT_WITHIN_MS * NANOS
            while (scene.history.unanswered == before && System.nanoTime() < end) Thread.sleep(LOOK_EVERY_MS)
            check(scene.history.unanswered > before) { "no call was refused, although the disk took no more" }
            hold(HOLD_MS)
        } finally {
            relieve()
        }
    }

    private companion object {
        const val HOLD_MS = 2_500L
        const val FELT_WITHIN_MS = 20_000L
        const val LOOK_EVERY_MS = 10L
        const val NANOS = 1_000_000L
    }
}
