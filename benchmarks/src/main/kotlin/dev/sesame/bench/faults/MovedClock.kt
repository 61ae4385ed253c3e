package dev.sesame.bench.faults

import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.writeText

/** The wall clock of one process, which can be set: by `libfaketime`, of Debian's package of that name. Its monotonic clock goes on as it is. */
internal class MovedClock private constructor(library: Path, private val file: Path) {
    /** For the process whose clock it is. */
    val environment: Map<String, String> = mapOf(
        "LD_PRELOAD" to "$library",
        "FAKETIME_TIMESTAMP_FILE" to "$file",
        "FAKETIME_CACHE_DURATION" to "1",
        "FAKETIME_DONT_FAKE_MONOTONIC" to "1",
        "DONT_FAKE_MONOTONIC" to "1",
        "NO_FAKE_STAT" to "1",
    )

    init {
        set(0)
    }

    /** So many seconds ahead of the machine's, or behind it; the process sees it within a second. */
    fun set(seconds: Long) {
        // Whole at once: it is read at any time.
        val next = file.resolveSibling("${file.fileName}.next").also { it.writeText("%+d\n".format(seconds)) }
        Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE)
    }

    companion object {
        /** One that [file] sets; `null` where there is no such library. */
        fun at(file: Path): MovedClock? = places().firstOrNull(Files::exists)?.let { MovedClock(it, file.toAbsolutePath()) }

        private fun places(): List<Path> = listOfNotNull(System.getProperty("sesame.faketime")?.let(Path::of)) +
            listOf("x86_64", "aarch64").map { Path.of("/usr/lib/$it-linux-gnu/faketime/libfaketimeMT.so.1") }
    }
}
