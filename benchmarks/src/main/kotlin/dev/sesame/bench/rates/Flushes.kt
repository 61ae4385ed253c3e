package dev.sesame.bench.rates

import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.readLines

/** How often the disk under [dir] was told to flush, as the kernel counts it; this is what makes a commit durable. */
internal class Flushes(dir: Path) {
    private val device: String? = deviceOf(Files.getFileStore(dir).name())

    /** So far, by whomever; `null` where the system doesn't tell. */
    fun count(): Long? = device?.let { name -> lines().first { it[NAME] == name }[FLUSHES].toLong() }

    /** Flushes are counted for whole disks, not for their parts. */
    private fun deviceOf(store: String): String? {
        if (!Files.exists(STATS)) return null
        val name = store.substringAfterLast('/')
        return lines().filter { it.size > FLUSHES && name.startsWith(it[NAME]) }.map { it[NAME] }.minByOrNull { it.length }
    }

    private fun lines(): List<List<String>> = STATS.readLines().map { it.trim().split(Regex("\\s+")) }

    private companion object {
        val STATS: Path = Path.of("/proc/diskstats")
        const val NAME = 2
        const val FLUSHES = 18
    }
}
