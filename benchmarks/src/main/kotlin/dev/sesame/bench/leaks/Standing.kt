package dev.sesame.bench.leaks

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.waits.Gauges
import java.lang.management.ManagementFactory
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.time.Duration

/** What can leak. [slack] is by how much it may be more than it was, [perCycle] so many more for each cycle. */
internal enum class Leak(val inWords: String, val slack: Long, val perCycle: Long = 0) {
    DESCRIPTORS("descriptors", 2),
    POLLS("held polls", 0),
    FEEDS("feeds", 0),
    INBOXES("inbox streams", 0),
    THREADS("threads", 4),

    /** Caches that fill, and code that is compiled meanwhile; whatever a cycle left behind would be more than its share here. */
    HEAP("heap, bytes", 4_000_000, perCycle = 16),
}

/** What a process holds. */
internal abstract class Standing {
    protected abstract fun now(): Map<Leak, Long>

    /** What to look at where something stays. */
    abstract fun explain(): List<String>

    /** Waits until what is counted gets less no more, and returns the least that was seen. */
    fun settled(patience: Duration): Map<Leak, Long> {
        var last = now()
        repeated(patience) {
            val next = now()
            val isStill = next.all { (leak, held) -> leak == Leak.HEAP || held >= last.getValue(leak) }
            last = least(last, next)
            isStill
        }
        return last
    }

    /** Waits until all is as it was at the [floor]; returns what is, and of it what is too much. */
    fun back(floor: Map<Leak, Long>, cycles: Int, patience: Duration): Pair<Map<Leak, Long>, Set<Leak>> {
        var last = now()
        repeated(patience) {
            last = now()
            tooMuch(floor, last, cycles).isEmpty()
        }
        return last to tooMuch(floor, last, cycles)
    }

    private fun tooMuch(floor: Map<Leak, Long>, now: Map<Leak, Long>, cycles: Int): Set<Leak> =
        now.filter { (leak, held) -> held > floor.getValue(leak) + leak.slack + leak.perCycle * cycles }.keys

    private fun least(one: Map<Leak, Long>, other: Map<Leak, Long>) = one.mapValues { (leak, held) -> minOf(held, other.getValue(leak)) }

    private fun repeated(patience: Duration, isEnough: () -> Boolean) {
        val end = System.nanoTime() + patience.inWholeNanoseconds
        while (!isEnough() && System.nanoTime() < end) Thread.sleep(LOOK_EVERY_MS)
    }

    private companion object {
        const val LOOK_EVERY_MS = 200L
    }
}

/** The broker's, told by the system and by its metrics. */
internal class BrokerStanding(private val broker: BrokerProcess) :
    Standing(),
    AutoCloseable {
    private val gauges = Gauges(broker)

    override fun now(): Map<Leak, Long> = listOfNotNull(
        Leak.POLLS to gauges.metric("sesame_polls_held").toLong(),
        Leak.FEEDS to gauges.metric("sesame_feeds ").toLong(),
        Leak.INBOXES to gauges.metric("sesame_inbox_streams").toLong(),
        gauges.brokerHeapBytes()?.let { Leak.HEAP to it.toLong() },
        entriesOf("/proc/${broker.pid}/fd")?.let { Leak.DESCRIPTORS to it },
        entriesOf("/proc/${broker.pid}/task")?.let { Leak.THREADS to it },
    ).toMap()

    override fun explain(): List<String> = histogram(broker.pid)

    override fun close(): Unit = gauges.close()
}

/** This process', in which the SDK runs. */
internal class OwnStanding : Standing() {
    override fun now(): Map<Leak, Long> {
        repeat(COLLECTIONS) { System.gc() }
        return listOfNotNull(
            Leak.THREADS to ManagementFactory.getThreadMXBean().threadCount.toLong(),
            Leak.HEAP to ManagementFactory.getMemoryMXBean().heapMemoryUsage.used,
            entriesOf("/proc/self/fd")?.let { Leak.DESCRIPTORS to it },
        ).toMap()
    }

    override fun explain(): List<String> = histogram(ProcessHandle.current().pid()) +
        Thread.getAllStackTraces().keys.groupingBy { it.name.replace(Regex("[0-9]+"), "#") }.eachCount().entries
            .sortedByDescending { it.value }.take(SHOWN).map { "${it.value} threads ${it.key}" }

    private companion object {
        const val COLLECTIONS = 3
        const val SHOWN = 5
    }
}

/** `null` where the system doesn't tell. */
private fun entriesOf(directory: String): Long? =
    Path.of(directory).takeIf(Files::exists)?.let { path -> Files.list(path).use { it.count() } }

/** Of which classes there is most. */
private fun histogram(pid: Long): List<String> {
    val command = Path.of(System.getProperty("java.home"), "bin", "jcmd").takeIf(Files::exists) ?: return emptyList()
    val jcmd = ProcessBuilder("$command", "$pid", "GC.class_histogram").redirectErrorStream(true).start()
    // All of it: whoever is asked stands still until the last line is taken, and that may be ourselves.
    val lines = jcmd.inputReader().readLines().take(HISTOGRAM_LINES)
    if (!jcmd.waitFor(JCMD_S, TimeUnit.SECONDS)) jcmd.destroyForcibly()
    return lines
}

private const val HISTOGRAM_LINES = 25
private const val JCMD_S = 30L
