package dev.sesame.bench.leaks

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import java.nio.file.Files
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

class LeaksTest :
    FunSpec({
        test("2,000 connections broken off, and as many waits left, leave nothing behind") {
            val scratch = Files.createTempDirectory("sesame-leaks")
            val said = ArrayList<String>()
            val isGood = LeaksBench(LeaksPlan(cycles = 2_000, patience = 20.seconds), scratch, said::add).run()
            withClue(said.joinToString("\n")) {
                isGood shouldBe true
                said.count { it.endsWith("back") } shouldBeGreaterThan 10
                listOf("poll held by RST", "feed mid answer by FIN", "half sent").forEach { kind -> said.any { kind in it } shouldBe true }
            }
            scratch.toFile().deleteRecursively()
        }

        test("what stays is found, of each kind that is looked at") {
            val before = Leak.entries.associateWith { 10L }
            Leak.entries.forEach { leak ->
                val standing = Fixed(before + (leak to 10L + leak.slack + leak.perCycle * 5 + 1))
                standing.back(before, cycles = 5, Duration.ZERO).second shouldBe setOf(leak)
            }
            Fixed(before).back(before, cycles = 5, 1.seconds).second shouldBe emptySet()
        }
    })

private class Fixed(private val held: Map<Leak, Long>) : Standing() {
    override fun counts(): Map<Leak, Long> = held - Leak.HEAP

    override fun heapBytes(): Long? = held[Leak.HEAP]

    override fun explain(): List<String> = emptyList()
}
