package dev.sesame.java.internal;

import static java.util.Map.entry;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** The shapes of the JDK's own single values. */
final class Leaves {
    static final Map<Class<?>, Shape> OF = Map.ofEntries(
            entry(String.class, new TextShape("text", text -> text)),
            entry(UUID.class, new TextShape("UUID", UUID::fromString)),
            entry(URI.class, new TextShape("URI", URI::create)),
            entry(Instant.class, new TextShape("ISO-8601 instant", Instant::parse)),
            entry(LocalDate.class, new TextShape("ISO-8601 date", LocalDate::parse)),
            entry(LocalDateTime.class, new TextShape("ISO-8601 date and time", LocalDateTime::parse)),
            entry(OffsetDateTime.class, new TextShape("ISO-8601 date and time with an offset", OffsetDateTime::parse)),
            entry(ZonedDateTime.class, new TextShape("ISO-8601 date and time with a zone", ZonedDateTime::parse)),
            entry(Duration.class, new TextShape("ISO-8601 duration", Duration::parse)),
            entry(boolean.class, new TruthShape(true)),
            entry(Boolean.class, new TruthShape(false)),
            entry(byte.class, whole("whole number from -128 to 127", BigDecimal::byteValueExact, true)),
            entry(Byte.class, whole("whole number from -128 to 127", BigDecimal::byteValueExact, false)),
            entry(short.class, whole("whole number of 16 bits", BigDecimal::shortValueExact, true)),
            entry(Short.class, whole("whole number of 16 bits", BigDecimal::shortValueExact, false)),
            entry(int.class, whole("whole number of 32 bits", BigDecimal::intValueExact, true)),
            entry(Integer.class, whole("whole number of 32 bits", BigDecimal::intValueExact, false)),
            entry(long.class, whole("whole number of 64 bits", BigDecimal::longValueExact, true)),
            entry(Long.class, whole("whole number of 64 bits", BigDecimal::longValueExact, false)),
            entry(float.class, fraction(Leaves::floatOf, true)),
            entry(Float.class, fraction(Leaves::floatOf, false)),
            entry(double.class, fraction(Leaves::doubleOf, true)),
            entry(Double.class, fraction(Leaves::doubleOf, false)),
            entry(BigDecimal.class, new NumberShape("number", number -> (BigDecimal) number, number -> number, false)),
            entry(
                    BigInteger.class,
                    new NumberShape(
                            "whole number",
                            number -> new BigDecimal((BigInteger) number),
                            BigDecimal::toBigIntegerExact,
                            false)));

    private Leaves() {}

    private static Shape whole(String words, Function<BigDecimal, Number> parse, boolean isPrimitive) {
        return new NumberShape(words, number -> BigDecimal.valueOf(number.longValue()), parse, isPrimitive);
    }

    /** The shortest text of a float or a double is its value, as everybody else prints it; one beyond the last is none. */
    private static Shape fraction(Function<BigDecimal, Number> parse, boolean isPrimitive) {
        return new NumberShape(
                "number that its type can hold", number -> new BigDecimal(number.toString()), parse, isPrimitive);
    }

    private static Number floatOf(BigDecimal value) {
        if (Float.isInfinite(value.floatValue())) throw new ArithmeticException("beyond a float");
        return value.floatValue();
    }

    private static Number doubleOf(BigDecimal value) {
        if (Double.isInfinite(value.doubleValue())) throw new ArithmeticException("beyond a double");
        return value.doubleValue();
    }
}
