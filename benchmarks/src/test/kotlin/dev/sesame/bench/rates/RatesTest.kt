package dev.sesame.bench.rates

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.nio.file.Files

class RatesTest :
    FunSpec({
        test("a small round on both engines loses no call and no wait, and tells every rate beside its floor") {
            val scratch = Files.createTempDirectory("sesame-rates")
            val said = ArrayList<String>()
            val isGood = RatesBench(RatesPlan(callers = listOf(2), seconds = 0.3, rounds = 1, waits = 20), scratch, said::add).run()
            withClue(said.joinToString("\n")) {
                isGood shouldBe true
                val setups = listOf("SQLite", "PostgreSQL, one broker", "PostgreSQL, two brokers")
                setups.forEach { setup -> said.filter { it.startsWith("$setup, 2 at once") } shouldHaveSize 1 }
                Row.entries.forEach { row ->
                    val lines = said.filter { it.startsWith(row.label) }
                    lines shouldHaveSize setups.size
                    val told = Regex("[1-9][0-9,]* \\[" + if (row.isBroker) ".*\\dx" else "")
                    lines.forEach { it shouldContain told }
                }
                // Where flushes can be counted: a transaction that costs none is none.
                said.filter { it.startsWith(Row.ROW_EACH.label) }.forEach { it shouldNotContain Regex("ms +0\\.00") }
                said.last().startsWith("lost=0;") shouldBe true
            }
            scratch.toFile().deleteRecursively()
        }
    })
