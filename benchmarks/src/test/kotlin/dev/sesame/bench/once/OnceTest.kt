package dev.sesame.bench.once

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.nio.file.Files

class OnceTest :
    FunSpec({
        test("two workers behind a queue, killed at every marked place and stopped beyond their leases, run no block twice") {
            val scratch = Files.createTempDirectory("sesame-once")
            val said = ArrayList<String>()
            val isGood = OnceBench(OncePlan(rounds = 1, messages = 6), scratch, said::add).run()
            withClue(said.joinToString("\n")) {
                isGood shouldBe true
                struck.filter { blow -> said.none { it.matches(Regex("${Regex.escape(blow)} +[1-9][0-9]*")) } } shouldBe emptyList()
            }
            scratch.toFile().deleteRecursively()
        }
    })

private val struck = Place.entries.map { "killed ${it.inWords}" } + listOf("killed in the block", "broker killed", "stopped and woken up")
