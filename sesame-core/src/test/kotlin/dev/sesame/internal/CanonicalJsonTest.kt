package dev.sesame.internal

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonPrimitive

private val lenient = Json { isLenient = true }

private fun canonical(text: String) = CanonicalJson.of(Json.parseToJsonElement(text))

class CanonicalJsonTest :
    FunSpec({
        // As the RFC has it but for the first number, whose last digit no double holds: CanonicalNumberTest shows that refused.
        test("the sample of RFC 8785, section 3.2.2") {
            val sample = """
                {
                  "numbers": [333333333.3333333, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
                  "literals": [null, true, false]
                }
            """
            canonical(sample) shouldBe
                """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"""
        }

        test("the sample of RFC 8785, section 3.2.3: members stand in the order of their UTF-16 units") {
            val sample = """
                {
                  "\u20ac": "Euro Sign",
                  "\r": "Carriage Return",
                  "\ufb33": "Hebrew Letter Dalet With Dagesh",
                  "1": "One",
                  "\ud83d\ude00": "Emoji: Grinning Face",
                  "\u0080": "Control",
                  "\u00f6": "Latin Small Letter O With Diaeresis"
                }
            """
            canonical(sample) shouldBe "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\"," +
                "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\"," +
                "\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}"
        }

        test("a member's name is before those that it begins, capitals before small letters") {
            canonical("""{"b":1,"aa":2,"a":3,"B":4,"":5,"10":6,"9":7}""") shouldBe """{"":5,"10":6,"9":7,"B":4,"a":3,"aa":2,"b":1}"""
        }

        test("objects are sorted at every depth, arrays keep their order") {
            canonical("""[ {"z" : {"b":[ 3, 1 ], "a":{}}, "y":[]}, "x" ]""") shouldBe """[{"y":[],"z":{"a":{},"b":[3,1]}},"x"]"""
        }

        test("control characters have their short escape or four small hex digits, and nothing else is escaped") {
            canonical(""""\b\t\n\f\r\u0000\u001F\u000B"""") shouldBe """"\b\t\n\f\r\u0000\u001f\u000b""""
            canonical(""""\u007f\u2028\u00E9\/<&"""") shouldBe "\"\u007f\u2028\u00e9/<&\""
        }

        test("text that looks like a number or a word stays text") {
            canonical("""["1.0","true","null",true,null]""") shouldBe """["1.0","true","null",true,null]"""
        }

        test("the canonical form is its own canonical form") {
            val once = canonical("""{"b":[1.50,-0.0,{"d":"\u00e4","c":null}],"a":1e21}""")
            canonical(once) shouldBe once
        }

        listOf("ud800" to "the first half", "udc00" to "the second half", "ude00\\ud83d" to "both halves, the wrong way round")
            .forEach { (escape, what) ->
                test("refused is text with $what of a surrogate pair, as a value and as a name") {
                    shouldThrow<NotCanonical> { canonical("""{"note":"a\${escape}b"}""") }.path shouldBe "note"
                    shouldThrow<NotCanonical> { canonical("""{"lines":{"a\${escape}b":1}}""") }.path shouldBe "lines"
                }
            }

        test("refused is a number that a double would change, and it is said where it stands") {
            val refused = shouldThrow<NotCanonical> { canonical("""{"order":{"lines":[{"id":1},{"id":9007199254740993}]}}""") }
            refused.path shouldBe "order.lines[1].id"
            refused.message.orEmpty() shouldContain "order.lines[1].id"
            refused.message.orEmpty() shouldContain "send it as a string"
        }

        test("refused is what kotlinx.serialization holds as a number but JSON doesn't know") {
            listOf(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY).forEach {
                shouldThrow<NotCanonical> { CanonicalJson.of(JsonPrimitive(it)) }
            }
            shouldThrow<NotCanonical> { CanonicalJson.of(lenient.parseToJsonElement("[abc]")) }.path shouldBe "[0]"
        }
    })
