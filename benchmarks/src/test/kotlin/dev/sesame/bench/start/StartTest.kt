package dev.sesame.bench.start

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class StartTest :
    FunSpec({
        val scratch = tempdir().toPath()

        test("each start answers and finds what was asked before, and it says how long that took beside a bare server") {
            val said = ArrayList<String>()
            val isGood = StartBench(StartPlan(rounds = 1, kinds = listOf(StartKind.PLAIN), warms = false), scratch, said::add).run()
            withClue(said.joinToString("\n")) {
                isGood shouldBe true
                said.single { it.startsWith("lost=") } shouldContain "lost=0"
                said.single { it.startsWith("process begun to the first call answered") } shouldContain
                    Regex("[0-9,]+ \\[[0-9,-]+] 1.0x +[0-9,]+ \\[[0-9,-]+] [0-9.]+x +[0-9,]+ \\[[0-9,-]+] [0-9.]+x")
                said.single { it.startsWith("resident by then") } shouldContain Regex("[0-9]+ \\[")
            }
        }
    })
