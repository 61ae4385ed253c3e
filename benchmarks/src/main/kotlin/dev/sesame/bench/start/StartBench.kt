package dev.sesame.bench.start

import dev.sesame.bench.Flags
import dev.sesame.bench.waits.Box
import java.nio.file.Files
import java.nio.file.Path

/** How often each [kinds] is started; [warms]: once more before that, which isn't counted. */
internal class StartPlan(val rounds: Int = 5, val kinds: List<StartKind> = StartKind.entries, val warms: Boolean = true) {
    companion object {
        fun of(flags: Flags): StartPlan = StartPlan().let { StartPlan(flags.count("--rounds", it.rounds)) }
    }
}

/** How a JVM is started. FILE stands for a file of each program's own. */
internal enum class StartKind(val words: String, val flags: List<String>) {
    /** What scripts/jdk.sh gives; the first stop makes the archive. */
    ARCHIVED("class archive", listOf("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=FILE", "-Xlog:disable")),
    PLAIN("no archive", emptyList()),
}

/**
 * From the start of the process to its first answered call, and what that takes: the broker on an empty directory and on the one it made,
 * beside a server of the same engine that says one word. Each with a class archive, as `./sesame broker` has it, and without.
 *
 * They take turns in every round; a first round, which makes the archives, is not counted.
 */
internal class StartBench(private val plan: StartPlan, private val scratch: Path, private val say: (String) -> Unit = ::println) {
    /** Whether all started, and a question that was asked before the second start was found after it. */
    fun run(): Boolean {
        say("bench start: --rounds ${plan.rounds}")
        say(Box(scratch).describe())
        val series = plan.kinds.map(::Series)
        repeat(plan.rounds + if (plan.warms) 1 else 0) { round ->
            val dir = Files.createDirectory(scratch.resolve("round-$round"))
            series.forEach { it.round(Files.createDirectory(dir.resolve(it.kind.name.lowercase())), isCounted = round > 0 || !plan.warms) }
        }
        series.forEach { StartTable(it.kind.words, it.bare, it.empty, it.existing, say).print() }
        val isGood = series.all { it.isGood }
        say("lost=${if (isGood) "0" else "a question that was on disk"}; load average after: ${Box.load()}")
        return isGood
    }

    /** All starts of one kind. */
    private inner class Series(val kind: StartKind) {
        val bare = ArrayList<Started>()
        val empty = ArrayList<Started>()
        val existing = ArrayList<Started>()
        var isGood = true

        fun round(dir: Path, isCounted: Boolean) {
            val one = Startable.bare(dir, flagsFor("bare"))
            val first = Startable.broker(dir, flagsFor("broker"))
            val measured = listOf(one.measure(), first.measure(), first.measure())
            isGood = isGood && first.hasKept()
            if (isCounted) listOf(bare, empty, existing).zip(measured).forEach { (all, started) -> all += started }
        }

        private fun flagsFor(who: String) = kind.flags.map { it.replace("FILE", "${scratch.resolve("$who.jsa")}") }
    }
}
