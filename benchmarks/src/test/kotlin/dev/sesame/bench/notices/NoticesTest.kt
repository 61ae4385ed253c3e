package dev.sesame.bench.notices

import dev.sesame.bench.inbox.StreamsPlan
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.nio.file.Files

class NoticesTest :
    FunSpec({
        test("a small round tells of every question by every way, and all open inboxes, and says how soon") {
            val scratch = Files.createTempDirectory("sesame-notices")
            val said = ArrayList<String>()
            val isGood = NoticesBench(
                NoticesPlan(questions = 3, StreamsPlan(streams = 30, events = 3, idleSeconds = 1)),
                scratch,
                said::add,
            ).run()
            withClue(said.joinToString("\n")) {
                isGood shouldBe true
                said.filter { it.startsWith("lost=") } shouldBe listOf("lost=0 of 9", "lost=0 of 93; 0 told twice or cut off")
                val ways = listOf("an event in an open inbox", "the push service", "Telegram's send") +
                    listOf("the only inbox that is open", "the last of all inboxes")
                ways.forEach { way ->
                    said.single { it.startsWith("question to $way") } shouldContain Regex("p50 +[0-9.]+ ms  p99 +[0-9.]+ ms.* [0-9.]+x$")
                }
                said.single { it.startsWith("broker heap, each") } shouldContain "KB"
                said.single { it.startsWith("idle broker over 1 s") } shouldContain "%"
            }
            scratch.toFile().deleteRecursively()
        }
    })
