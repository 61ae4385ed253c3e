package dev.sesame.hostile

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import kotlin.random.Random

class SpoilingTest :
    FunSpec({
        val document = """{"a": 1, "list": [true, {"b": "x, \"y\": {"}], "none": {}, "text": "é"}"""

        test("a document that was read into a tree and written again says the same") {
            JsonTree.parse(document).toString() shouldBe """{"a":1,"list":[true,{"b":"x, \"y\": {"}],"none":{},"text":"é"}"""
        }

        test("one seed spoils alike, every time") {
            (1L..200).forEach { Random(it).spoiledJson(document) shouldBe Random(it).spoiledJson(document) }
        }

        test("hardly anything comes out twice, or as it went in") {
            List(1_000) { Random(it).spoiledJson(document) }.toSet().size shouldBeGreaterThan 800
            List(1_000) { Random(it).spoiled(document) }.toSet().size shouldBeGreaterThan 800
            List(1_000) { Random(it).spoiled(document.toByteArray()).toList() }.toSet().size shouldBeGreaterThan 800
        }

        test("among them are names twice and unknown, values of every kind, and far too deep ones") {
            val spoiled = List(3_000) { Random(it).spoiledJson(document) }
            val kinds = mapOf<String, (String) -> Boolean>(
                "a name twice" to { Regex(""""a":[^,]*,"a":""").containsMatchIn(it) },
                "an unknown name" to { "\"ax\"" in it },
                "a number that is too large" to { "1e999" in it },
                "half of a surrogate pair" to { "\\ud800" in it },
                "NUL" to { '\u0000' in it },
                "thousands of lists in each other" to { "[".repeat(5_000) in it },
                "a field less" to { "\"none\"" !in it },
            )
            kinds.filterValues { spoiled.any(it) }.keys shouldContainAll kinds.keys
        }
    })
