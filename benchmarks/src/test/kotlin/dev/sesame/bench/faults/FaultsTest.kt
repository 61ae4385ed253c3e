package dev.sesame.bench.faults

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe

class FaultsTest :
    FunSpec({
        test("brokers on both engines with a few faults of all kinds keep every promise, and are back by themselves") {
            val said = ArrayList<String>()
            val plan = FaultsPlan(rounds = 1, seed = 20_261_121, most = FAULTS_EACH, longestMs = 2_500, backWithinMs = 60_000)
            val isGood = FaultsBench(plan, tempdir().toPath(), said::add).run()
            withClue(said.joinToString("\n")) {
                isGood shouldBe true
                said.filter { " back in " in it && "calls without an answer" in it } shouldHaveSize 2 * FAULTS_EACH
            }
        }
    })

private const val FAULTS_EACH = 2
