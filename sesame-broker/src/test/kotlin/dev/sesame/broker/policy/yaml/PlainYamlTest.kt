package dev.sesame.broker.policy.yaml

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTimedValue

/** What fills the memory or the stack of a reader of YAML that means it too well. */
class PlainYamlTest :
    FunSpec({
        fun refusal(text: String): String {
            val (problem, time) = measureTimedValue { shouldThrow<BadPolicy> { PolicyText.parse(text.toByteArray()) } }
            time shouldBeLessThan 5.seconds
            return problem.message.orEmpty()
        }

        test("a billion laughs are refused at the first anchor") {
            val lines = listOf("a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]") +
                ('b'..'i').map { "$it: &$it ${List(9) { _ -> "*${it - 1}" }}" }
            refusal(lines.joinToString("\n")) shouldBe "line 1, column 4: anchors (&) aren't taken"
        }

        test("an alias is refused, to whatever it leads") {
            refusal("version: 1\nrules: *nowhere") shouldBe "line 2, column 8: aliases (*) aren't taken: write it out"
        }

        test("a key that merges another mapping is no key") {
            refusal("version: 1\nrules: []\n<<: {a: b}") shouldBe "line 3, column 1: << is no key of the policy; there are version, rules"
        }

        test("what is nested deep is refused, and not followed down") {
            refusal("version: 1\nrules: " + "[".repeat(100_000)) shouldBe "line 2, column 17: it is nested deeper than 10"
            refusal("version: 1\nrules:\n" + (0..100).joinToString("\n") { " ".repeat(it) + "-" }) shouldBe
                "line 12, column 10: it is nested deeper than 10"
        }

        test("a flood of small things is refused") {
            refusal("version: 1\nrules: [" + ",a".repeat(100_000).drop(1) + "]") shouldBe
                "line 2, column 199997: there is more in it than a policy needs"
        }
    })
