package dev.sesame.internal

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldNotContain
import io.kotest.matchers.comparables.shouldBeLessThanOrEqualTo
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.filter
import io.kotest.property.arbitrary.long
import io.kotest.property.arbitrary.map
import io.kotest.property.checkAll
import java.math.BigDecimal
import java.math.MathContext
import java.math.RoundingMode

/** RFC 8785, appendix B: the bits of a double, and how ECMAScript prints it. */
private val appendixB = mapOf(
    "0000000000000000" to "0",
    "8000000000000000" to "0",
    "0000000000000001" to "5e-324",
    "8000000000000001" to "-5e-324",
    "7fefffffffffffff" to "1.7976931348623157e+308",
    "ffefffffffffffff" to "-1.7976931348623157e+308",
    "4340000000000000" to "9007199254740992",
    "c340000000000000" to "-9007199254740992",
    "4430000000000000" to "295147905179352830000",
    "44b52d02c7e14af5" to "9.999999999999997e+22",
    "44b52d02c7e14af6" to "1e+23",
    "44b52d02c7e14af7" to "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e" to "999999999999999700000",
    "444b1ae4d6e2ef4f" to "999999999999999900000",
    "444b1ae4d6e2ef50" to "1e+21",
    "3eb0c6f7a0b5ed8c" to "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d" to "0.000001",
    "41b3de4355555553" to "333333333.3333332",
    "41b3de4355555554" to "333333333.33333325",
    "41b3de4355555555" to "333333333.3333333",
    "41b3de4355555556" to "333333333.3333334",
    "41b3de4355555557" to "333333333.33333343",
    "becbf647612f3696" to "-0.0000033333333333333333",
    "43143ff3c1cb0959" to "1424953923781206.2",
)

private val finite: Arb<Double> = Arb.long().map { Double.fromBits(it) }.filter { it.isFinite() && it != 0.0 }

/** Doubles from 2^50 to 2^51 that end in .25 or .75: two decimals of 17 digits name each and are equally near. */
private val ties: Arb<Double> = Arb.long(1L shl 51, (1L shl 52) - 1).map { (2 * it + 1) / 4.0 }

/** The nearest decimals of [digits] digits below and above; if neither names [double], none of so few digits does. */
private fun neighbours(double: Double, digits: Int): List<BigDecimal> =
    listOf(RoundingMode.FLOOR, RoundingMode.CEILING).map { BigDecimal(double).round(MathContext(digits, it)) }

class CanonicalNumberTest :
    FunSpec({
        appendixB.forEach { (bits, text) ->
            test("the double $bits is $text") {
                CanonicalNumber.of(Double.fromBits(bits.toULong(16).toLong())) shouldBe text
            }
        }

        test("the text names the same double, no shorter one does, and no other of that length is nearer") {
            checkAll(5_000, finite) { double ->
                val text = CanonicalNumber.of(double)
                text.toDouble() shouldBe double
                val shortest = BigDecimal(text).stripTrailingZeros()
                val digits = shortest.precision()
                if (digits > 1) neighbours(double, digits - 1).map { it.toDouble() } shouldNotContain double
                val error = (shortest - BigDecimal(double)).abs()
                neighbours(double, digits).filter { it.toDouble() == double }
                    .forEach { error shouldBeLessThanOrEqualTo (it - BigDecimal(double)).abs() }
            }
        }

        // Section 3.2.2.3 demands ECMAScript's "Note 2" here. The texts are what V8 prints.
        test("of two texts equally near, it is the one with the even last digit, whatever the sign") {
            mapOf(1424953923781206.25 to "1424953923781206.2", 1424953923781206.75 to "1424953923781206.8").forEach { (double, text) ->
                CanonicalNumber.of(double) shouldBe text
                CanonicalNumber.of(-double) shouldBe "-$text"
            }
            checkAll(500, ties) { double ->
                CanonicalNumber.of(double) shouldBe BigDecimal(double).setScale(1, RoundingMode.HALF_EVEN).toPlainString()
            }
        }

        test("what it prints, it accepts, and leaves as it is") {
            checkAll(1_000, finite) { double ->
                val text = CanonicalNumber.of(double)
                CanonicalNumber.of(text) shouldBe text
            }
        }

        mapOf("1.0" to "1", "-0" to "0", "-0.0" to "0", "0e7" to "0", "1E30" to "1e+30", "4.50" to "4.5", "2e-3" to "0.002", "1e2" to "100")
            .forEach { (literal, text) -> test("$literal is written $text") { CanonicalNumber.of(literal) shouldBe text } }

        mapOf(
            "9007199254740993" to "which a double would make even",
            "333333333.33333329" to "which has a digit more than its double",
            "1e400" to "which is beyond every double",
            "1e-400" to "which a double would make nothing",
            "01" to "with its leading zero",
            "+1" to "with its plus",
            ".5" to "without a digit before the point",
            "1." to "without a digit after it",
            "0x10" to "which is no decimal",
            " 1" to "with a blank",
            "NaN" to "which is no number",
            "Infinity" to "which isn't either",
            "abc" to "which never was",
            "" to "which is nothing",
        ).forEach { (literal, why) -> test("refused is '$literal', $why") { CanonicalNumber.of(literal).shouldBeNull() } }

        test("refused is a literal of 65 characters, however small its value") {
            CanonicalNumber.of("1." + "0".repeat(62)) shouldBe "1"
            CanonicalNumber.of("1." + "0".repeat(63)).shouldBeNull()
        }
    })
