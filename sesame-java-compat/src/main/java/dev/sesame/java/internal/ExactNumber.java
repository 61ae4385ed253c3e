package dev.sesame.java.internal;

import java.math.BigDecimal;

/** Numbers of a tree: {@link Long} or {@link BigDecimal}, exactly as written. */
final class ExactNumber {
    /** What the hash over a context takes at most; no double has as many digits. */
    private static final int LONGEST = 64;

    /** Far beyond any double, and near enough that no sum of such numbers fills the memory. */
    private static final int FARTHEST_EXPONENT = 1_000;

    private ExactNumber() {}

    static Number parse(String literal, Place place) {
        if (literal.length() > LONGEST) throw tooLong(place);
        try {
            BigDecimal value = bounded(new BigDecimal(literal), place);
            if (value.scale() != 0 || literal.indexOf('e') >= 0 || literal.indexOf('E') >= 0) return value;
            return value.unscaledValue().bitLength() < Long.SIZE ? (Number) value.longValueExact() : value;
        } catch (NumberFormatException problem) {
            throw tooLong(place);
        }
    }

    static BigDecimal bounded(BigDecimal value, Place place) {
        if (value.precision() <= LONGEST && Math.abs((long) value.scale()) <= FARTHEST_EXPONENT) return value;
        throw tooLong(place);
    }

    static BigDecimal decimal(Number number) {
        return number instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(number.longValue());
    }

    private static Unfit tooLong(Place place) {
        return new Unfit(
                place,
                "is a number of more than " + LONGEST + " digits or with an exponent beyond " + FARTHEST_EXPONENT
                        + ": send it as text");
    }
}
