package dev.sesame.java.internal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may be absent: written as {@code null}, read as empty from {@code null} and from nothing. */
record OptionalShape(Shape content) implements Shape {
    @Override
    public @Nullable Object write(Object value, Place place) {
        return content.writeNullable(((Optional<?>) value).orElse(null), place);
    }

    @Override
    public Object read(Object tree, Place place) {
        return Optional.of(content.read(tree, place));
    }

    @Override
    public Object readNullable(@Nullable Object tree, Place place) {
        return tree == null ? Optional.empty() : read(tree, place);
    }

    @Override
    public boolean mayBeAbsent() {
        return true;
    }
}
