package dev.sesame.bench.peers

import dev.sesame.bench.Flags
import dev.sesame.bench.waits.Decider
import dev.sesame.bench.waits.Deciders
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.nio.file.Path
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class PeersTest :
    FunSpec({
        val scratch = tempdir().toPath()

        test("a small round parks calls, decides them, counts them, and says whose libraries this build doesn't have") {
            val said = ArrayList<String>()
            val isGood = PeersBench(planOf(*Product.entries.toTypedArray()), scratch, say = said::add).run()
            withClue(said.joinToString("\n")) {
                isGood shouldBe true
                // Four to be warm, one to begin with, 20 at once, and 3 one by one.
                said.last { it.startsWith("lost=") } shouldBe "lost=0, got 28 of 28"
                said shouldContain "SKIPPED: Restate (its libraries are fetched by `./sesame bench peers` alone)"
                said shouldContain "SKIPPED: Temporal (its libraries are fetched by `./sesame bench peers` alone)"
                listOf(Measure.TOLD_P50, Measure.BEGUN_P99, Measure.BURST_RATE).forEach { measure ->
                    said.single { it.startsWith(measure.label) } shouldContain Regex("[0-9]")
                }
            }
        }

        test("a call that doesn't go on is lost, and ends the run as failed, with the others counted and compared") {
            val said = ArrayList<String>()
            val peers = mapOf(Product.SESAME to Forgetful(forgotten = emptySet()), Product.RESTATE to Forgetful(forgotten = setOf(2, 23)))
            val isGood = PeersBench(planOf(Product.SESAME, Product.RESTATE), scratch, peers::getValue, said::add).run()
            withClue(said.joinToString("\n")) {
                isGood shouldBe false
                said.last { it.startsWith("lost=") } shouldBe "lost=3, got 53 of 56"
                said.single { it.startsWith(Measure.BURST_RATE.label) } shouldContain Regex("/s .*/s .*x (more|less)")
            }
        }

        test("a side that there is not is named") {
            shouldThrow<IllegalArgumentException> { PeersPlan.of(Flags(listOf("--sides", "sesame,other"), "--n", "--rounds", "--sides")) }
                .message shouldBe "--sides takes sesame,restate,temporal, not other"
        }
    })

private fun planOf(vararg sides: Product) = PeersPlan(
    waits = listOf(20),
    rounds = 1,
    sides = sides.toList(),
    warm = 4,
    singles = 3,
    settling = 100.milliseconds,
    patience = if (Product.TEMPORAL in sides) 30.seconds else 100.milliseconds,
)

/** Answers every decision and lets all programs go on but those of the calls that it has [forgotten]. */
private class Forgetful(private val forgotten: Set<Int>) : Peer {
    override fun start(dir: Path) = Unit

    override fun describe(): List<String> = emptyList()

    override fun begin(calls: Calls): Program = object : Program {
        override val server = null
        override val deciders = Deciders(List(Deciders.COUNT) { Forgetter(calls) })

        override fun ask(index: Int) = calls.opened(index, "$index")

        override fun untilParked(count: Int) = Unit

        override fun serverBytes(): Double? = null

        override fun close() = Unit
    }

    override fun close() = Unit

    private inner class Forgetter(private val calls: Calls) : Decider {
        override fun decide(id: String, answer: String) {
            if (id.toInt() !in forgotten) calls.goesOn(id.toInt())
        }

        override fun close() = Unit
    }
}
