package dev.sesame.java.internal;

import org.jspecify.annotations.Nullable;

/** How the values of one Java type stand in a JSON tree. What doesn't fit is {@link Unfit}, in both directions. */
interface Shape {
    /** The tree of {@code value}. */
    @Nullable
    Object write(Object value, Place place);

    /** The value that {@code tree} stands for; no lenience: text is no number, a fraction no whole number. */
    Object read(Object tree, Place place);

    /** The tree of {@code value}, or {@code null} where there is none. */
    default @Nullable Object writeNullable(@Nullable Object value, Place place) {
        return value == null ? null : write(value, place);
    }

    /** The value of {@code tree}, or {@code null} where there is none. */
    default @Nullable Object readNullable(@Nullable Object tree, Place place) {
        return tree == null ? null : read(tree, place);
    }

    /** Whether its name may be left out of an object. */
    default boolean mayBeAbsent() {
        return false;
    }

    /** Whether it is a single piece of text, a number or a truth, always there: fit to be part of a key. */
    default boolean isSingle() {
        return false;
    }
}
