package dev.sesame.broker.text

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class ShownTest :
    FunSpec({
        mapOf(
            "a text that turns" to ("pay \u202e0001" to "pay \\u202e0001"),
            "a text that hides" to ("ad\u200bmin\u2800\u3164" to "ad\\u200bmin\\u2800\\u3164"),
            "a tag that carries text of its own" to (String(Character.toChars(0xe0041)) to "\\u{e0041}"),
            "a selector that carries text of its own" to ("a\ufe00" to "a\\ufe00"),
            "a command to the terminal" to ("\u001b[2J" to "\\u001b[2J"),
            "half a character" to ("\ud800" to "\\ud800"),
            "marks that pile up over other lines" to ("a" + "\u0301".repeat(6) to "a" + "\u0301".repeat(4) + "\\u0301\\u0301"),
        ).forEach { (what, texts) ->
            test("$what is shown as its code") { shown(texts.first) shouldBe texts.second }
        }

        test("what a reader sees stays as it is") {
            listOf("42.00 € to Ana", "čšž 日本 עברית", "💸 ❤\ufe0f", "e\u0301", "").forEach { shown(it) shouldBe it }
        }

        test("line breaks and tabs stay where lines are shown, and are codes elsewhere") {
            shown("a\n\tb", keepLines = true) shouldBe "a\n\tb"
            shown("a\n\tb") shouldBe "a\\u000a\\u0009b"
        }

        test("the parts tell which of them are codes") {
            pieces("a\u202eb").map { it.text to it.isCode } shouldBe listOf("a" to false, "\\u202e" to true, "b" to false)
        }
    })
