package dev.sesame.bench.webhooks

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.nio.file.Files

class WebhooksTest :
    FunSpec({
        test("a small round and one with a kill lose no decision, with dead, failing and slow receivers beside") {
            val scratch = Files.createTempDirectory("sesame-webhooks")
            val said = ArrayList<String>()
            val isGood = WebhooksBench(WebhooksPlan(decisions = 160, receivers = 40, kills = 1, workers = 4), scratch, said::add).run()
            withClue(said.joinToString("\n")) { isGood shouldBe true }
            scratch.toFile().deleteRecursively()
        }
    })
