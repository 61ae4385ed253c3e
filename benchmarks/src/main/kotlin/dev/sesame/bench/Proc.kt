package dev.sesame.bench

import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.readLines
import kotlin.io.path.readText

/** What the system tells of the process with that [pid]; everything is `null` where there is no /proc. */
internal class Proc(private val pid: Long) {
    /** Processor time used so far, by all its threads. */
    fun cpuSeconds(): Double? = file("stat")?.readText()?.let { stat ->
        // After the name in brackets, which may hold anything.
        val fields = stat.substringAfterLast(')').trim().split(' ')
        (fields[USER_TICKS].toLong() + fields[SYSTEM_TICKS].toLong()) / TICKS_PER_SECOND
    }

    /** What of its memory lies in the machine's. */
    fun residentBytes(): Double? = status("VmRSS:")?.let { it * KB }

    fun threads(): Double? = status("Threads:")

    private fun status(name: String): Double? =
        file("status")?.readLines()?.first { it.startsWith(name) }?.split(Regex("\\s+"))?.get(1)?.toDouble()

    private fun file(name: String): Path? = Path.of("/proc/$pid/$name").takeIf(Files::exists)

    companion object {
        private const val USER_TICKS = 11
        private const val SYSTEM_TICKS = 12
        private const val TICKS_PER_SECOND = 100.0
        private const val KB = 1024

        /** Of this process. */
        fun own() = Proc(ProcessHandle.current().pid())

        /** The processor time of a process and all that it started. */
        fun familySeconds(pid: Long): Double? {
            val all = listOf(pid) + ProcessHandle.of(pid).map { one -> one.descendants().map { it.pid() }.toList() }.orElse(emptyList())
            return all.mapNotNull { Proc(it).cpuSeconds() }.takeIf { it.isNotEmpty() }?.sum()
        }
    }
}
