package dev.sesame.internal

import java.math.BigDecimal
import java.math.MathContext
import java.math.RoundingMode

/**
 * A JSON number as ECMAScript prints a double (RFC 8785, 3.2.2.3): the fewest digits that name the same double, the nearest of those.
 *
 * JDK 17, where the SDK also runs, prints some doubles with a digit too many, so the digits are searched here.
 */
@InternalSesameApi
public object CanonicalNumber {
    /** What is wrong with a number that [of] refuses. */
    public const val PROBLEM: String = "is no number that survives a JSON double as it is written: send it as a string"

    private val grammar = Regex("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")
    private const val LONGEST = 64 // far beyond any double's digits; keeps BigDecimal's work small

    /** The canonical text of the number written [literal]; `null` where it is no JSON number or a double would change its value. */
    public fun of(literal: String): String? {
        if (literal.length > LONGEST || !grammar.matches(literal)) return null
        val double = literal.toDouble()
        if (!double.isFinite()) return null
        if (double == 0.0) return if (literal.takeWhile { it != 'e' && it != 'E' }.any { it in '1'..'9' }) null else "0"
        val shortest = shortest(double)
        return if (BigDecimal(literal).compareTo(shortest) == 0) print(shortest) else null
    }

    /** The canonical text of a finite [double]. */
    public fun of(double: Double): String = if (double == 0.0) "0" else print(shortest(double))

    private fun shortest(double: Double): BigDecimal {
        val exact = BigDecimal(double)
        for (digits in 1..17) {
            val candidates = listOf(RoundingMode.HALF_EVEN, RoundingMode.FLOOR, RoundingMode.CEILING)
                .map { exact.round(MathContext(digits, it)) }
                .filter { it.toDouble() == double }
            candidates.minByOrNull { (it - exact).abs() }?.let { return it.stripTrailingZeros() }
        }
        error("17 digits name every double")
    }

    private fun print(value: BigDecimal): String {
        val sign = if (value.signum() < 0) "-" else ""
        val digits = value.unscaledValue().abs().toString()
        val point = digits.length - value.scale() // where the decimal point stands, counted from the first digit
        return sign + when {
            point in digits.length..21 -> digits + "0".repeat(point - digits.length)
            point in 1..21 -> digits.take(point) + "." + digits.drop(point)
            point in -5..0 -> "0." + "0".repeat(-point) + digits
            else -> exponential(digits, point - 1)
        }
    }

    private fun exponential(digits: String, exponent: Int): String {
        val fraction = if (digits.length > 1) "." + digits.drop(1) else ""
        return digits.take(1) + fraction + "e" + (if (exponent > 0) "+" else "-") + Math.abs(exponent)
    }
}
