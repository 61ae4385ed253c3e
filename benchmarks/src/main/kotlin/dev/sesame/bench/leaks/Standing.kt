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

    /** Caches that fill, and code that is compiled meanwhile; what is left behind shows where it is more than this. */
    HEAP("heap, bytes", 4_000_000, perCycle = 16),
}

/** What a process holds. */
internal abstract class Standing {
    /** What can be counted at once. */
    protected abstract fun counts(): Map<Leak, Long>

    /** Bytes in use after a collection, which takes its time; `null` where nobody can tell. */
    protected abstract fun heapBytes(): Long?

    /** What to look at where something stays. */
    abstract fun explain(): List<String>

    /** Waits until what is counted gets less no more, and returns what is held then. */
    fun settled(patience: Duration): Map<Leak, Long> {
        var last = counts()
        repeated(patience) {
            val next = counts()
            val isStill = next.all { (leak, held) -> held >= last.getValue(leak) }
            last = next.mapValues { (leak, held) -> minOf(held, last.getValue(leak)) }
            isStill
        }
        return withHeap(last)
    }

    /** Waits until all is as it was at the [floor]; returns what is, and of it what is too much. */
    fun back(floor: Map<Leak, Long>, cycles: Int, patience: Duration): Pair<Map<Leak, Long>, Set<Leak>> {
        var last = counts()
        repeated(patience) {
            last = counts()
            if (tooMuch(floor, last, cycles).isEmpty()) last = withHeap(last)
            tooMuch(floor, last, cycles).isEmpty()
        }
        val all = if (Leak.HEAP in last) last else withHeap(last)
        return all to tooMuch(floor, all, cycles)
    }

    private fun withHeap(counts: Map<Leak, Long>): Map<Leak, Long> = counts + listOfNotNull(heapBytes()?.let { Leak.HEAP to it })

    private fun tooMuch(floor: Map<Leak, Long>, now: Map<Leak, Long>, cycles: Int): Set<Leak> =
        now.filter { (leak, held) -> held > floor.getValue(leak) + leak.slack + leak.perCycle * cycles }.keys

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

    override fun counts(): Map<Leak, Long> = listOfNotNull(
        Leak.POLLS to gauges.metric("sesame_polls_held").toLong(),
        Leak.FEEDS to gauges.metric("sesame_feeds ").toLong(),
        Leak.INBOXES to gauges.metric("sesame_inbox_streams").toLong(),
        entriesOf("/proc/${broker.pid}/fd")?.let { Leak.DESCRIPTORS to it },
        entriesOf("/proc/${broker.pid}/task")?.let { Leak.THREADS to it },
    ).toMap()

    override fun heapBytes(): Long? = gauges.brokerHeapBytes(collections = 1)?.toLong()

    override fun explain(): List<String> = histogram(broker.pid)

    override fun close(): Unit = gauges.close()
}

/** This process', in which the SDK runs. */
internal class OwnStanding : Standing() {
    override fun counts(): Map<Leak, Long> = listOfNotNull(
        Leak.THREADS to ManagementFactory.getThreadMXBean().threadCount.toLong(),
        entriesOf("/proc/self/fd")?.let { Leak.DESCRIPTORS to it },
    ).toMap()

    override fun heapBytes(): Long {
        repeat(COLLECTIONS) { System.gc() }
        return ManagementFactory.getMemoryMXBean().heapMemoryUsage.used
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
