package dev.sesame.bench.growth

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.nio.file.Files

class GrowthTest :
    FunSpec({
        test("a few and some more approvals are stored as the broker would on both engines, and every call is timed with both") {
            val scratch = Files.createTempDirectory("sesame-growth")
            val said = ArrayList<String>()
            val isGood = GrowthBench(GrowthPlan(stored = listOf(30, 300), calls = 3), scratch, said::add).run()
            withClue(said.joinToString("\n")) {
                isGood shouldBe true
                listOf("SQLite", "PostgreSQL").forEach { engine ->
                    said.single { it.startsWith("$engine, p50 / p99") } shouldContain Regex("30 stored +300 stored")
                    said.filter { it.startsWith("$engine: ") && "the broker was ready after" in it } shouldHaveSize 2
                    said.filter { it.startsWith("$engine: audit verify") } shouldHaveSize 1
                }
                val timed = Regex("( +\\d+\\.\\d\\d / \\d+\\.\\d\\d ms){2} +\\d+\\.\\d\\dx$")
                said.filter { timed.containsMatchIn(it) } shouldHaveSize 2 * CALLS
            }
            scratch.toFile().deleteRecursively()
        }
    })

/** The lines of one engine's table. */
private const val CALLS = 14
