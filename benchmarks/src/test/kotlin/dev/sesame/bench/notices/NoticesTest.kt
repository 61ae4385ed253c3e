package dev.sesame.bench.notices

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.nio.file.Files

class NoticesTest :
    FunSpec({
        test("a small round tells of every question") {
            val scratch = Files.createTempDirectory("sesame-notices")
            val said = ArrayList<String>()
            val isGood = NoticesBench(
                NoticesPlan(questions = 3, StreamsPlan(streams = 30, events = 3, idleSeconds = 1)),
                scratch,
                said::add,
            ).run()
            withClue(said.joinToString("\n")) { isGood shouldBe true }
            scratch.toFile().deleteRecursively()
        }
    })
