package dev.sesame.java.internal;

import org.jspecify.annotations.Nullable;

/** True or false. */
record TruthShape(boolean isPrimitive) implements Shape {
    @Override
    public Object write(Object value, Place place) {
        return value;
    }

    @Override
    public Object read(Object tree, Place place) {
        if (tree instanceof Boolean) return tree;
        throw new Unfit(place, "is neither true nor false");
    }

    @Override
    public @Nullable Object readNullable(@Nullable Object tree, Place place) {
        if (tree == null && isPrimitive) throw new Unfit(place, "is neither true nor false");
        return Shape.super.readNullable(tree, place);
    }

    @Override
    public boolean isSingle() {
        return true;
    }
}
