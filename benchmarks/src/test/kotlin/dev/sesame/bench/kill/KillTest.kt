package dev.sesame.bench.kill

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.nio.file.Files

class KillTest :
    FunSpec({
        test("three kills under load lose nothing that was acknowledged, and no block runs twice") {
            val scratch = Files.createTempDirectory("sesame-kill")
            val said = ArrayList<String>()
            val isGood = KillBench(KillPlan(cycles = 3, workers = 4, errands = 8), scratch, said::add).run()
            withClue(said.joinToString("\n")) { isGood shouldBe true }
            scratch.toFile().deleteRecursively()
        }
    })
