package dev.sesame.bench.wake

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class WakeTest :
    FunSpec({
        val scratch = tempdir().toPath()

        test("a small round tells every wait at every place in each way, also where no ring comes, and says how soon") {
            val said = ArrayList<String>()
            val isGood = WakeBench(
                WakePlan(waits = listOf(2), mass = 20, singles = 3, rounds = 1, floorSamples = 20),
                scratch,
                said::add,
            ).run()
            withClue(said.joinToString("\n")) {
                isGood shouldBe true
                // Two ways: at three places 2 waits, and 3 more for those that were decided one at a time; at two of them 20 at once.
                said.single { it.startsWith("lost=") } shouldBe "lost=0, got 110 of 110"
                Place.entries.forEach { place ->
                    said.first { it.startsWith(place.words) } shouldContain
                        Regex("[0-9.]+ / [0-9.]+ +[0-9.]+x +[0-9.]+ / [0-9.]+ +[0-9.]+x")
                }
                said.single { it.startsWith("NOTIFY to LISTEN") } shouldContain Regex("[0-9.]+ / [0-9.]+$")
                said.single { it.startsWith("rings kept") } shouldNotContain ": 0"
            }
        }
    })
