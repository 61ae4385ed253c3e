package dev.sesame.java.internal;

import java.math.BigDecimal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A number, exactly: what its type can't hold is refused, not rounded. */
record NumberShape(
        String words, Function<Number, BigDecimal> exact, Function<BigDecimal, Number> parse, boolean isPrimitive)
        implements Shape {
    @Override
    public Object write(Object value, Place place) {
        try {

            return ExactNumber.bounded(exact.apply((Number) value), place);
        } catch (NumberFormatException problem) {
            throw new Unfit(place, "is not a number or infinite, which JSON has no number for");
        }
    }

    @Override
    public Object read(Object tree, Place place) {
        try {
            if (tree instanceof Number number) return parse.apply(ExactNumber.decimal(number));
        } catch (ArithmeticException problem) {
            throw new Unfit(place, "is no " + words);
        }
        throw new Unfit(place, "is no " + words);
    }

    @Override
    public @Nullable Object readNullable(@Nullable Object tree, Place place) {
        if (tree == null && isPrimitive) throw new Unfit(place, "is no " + words);
        return Shape.super.readNullable(tree, place);
    }

    @Override
    public boolean isSingle() {
        return true;
    }
}
