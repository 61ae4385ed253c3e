package dev.sesame.browser

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.nio.file.Files
import java.nio.file.Path

class ChromiumTest :
    FunSpec({
        test("a browser that is named counts alone; else the first of the usual places; a file that doesn't run is none") {
            val shell = Path.of("/bin/sh")
            val text = Files.createTempFile("no-browser", ".txt")
            Chromium.find("$shell", emptyList()) shouldBe shell
            Chromium.find("/nowhere", listOf(shell)) shouldBe null
            Chromium.find("", listOf(text, shell)) shouldBe shell
            Chromium.find(null, listOf(text)) shouldBe null
        }
    })
