package dev.sesame.bench.rates

import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.readLines
import kotlin.io.path.readText

/** How often the disk under [dir] was told to flush, as the kernel counts it; this is what makes a commit durable. */
internal class Flushes(dir: Path) {
    private val device: String? = deviceOf(Files.getFileStore(dir).name())

    /** So far, by whomever; `null` where the system doesn't tell. */
    fun count(): Long? = device?.let { name -> lines().first { it[NAME] == name }[FLUSHES].toLong() }

    /** Flushes are counted for whole disks, not for their parts. */
    private fun deviceOf(store: String): String? {
        if (!Files.exists(STATS)) return null
        val name = store.substringAfterLast('/')
        return lines().filter { it.size > FLUSHES && PART.matches(name.removePrefix(it[NAME])) }.map { it[NAME] }
            .firstOrNull { name.startsWith(it) && passesFlushes(it) }
    }

    /** A disk that says that it keeps nothing back is told of no flush. */
    private fun passesFlushes(disk: String): Boolean =
        Path.of("/sys/block/$disk/queue/write_cache").let { Files.exists(it) && it.readText().trim() == "write back" }

    private fun lines(): List<List<String>> = STATS.readLines().map { it.trim().split(Regex("\\s+")) }

    private companion object {
        val STATS: Path = Path.of("/proc/diskstats")
        val PART = Regex("(p?\\d+)?")
        const val NAME = 2
        const val FLUSHES = 18
    }
}
