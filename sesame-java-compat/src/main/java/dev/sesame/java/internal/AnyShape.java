package dev.sesame.java.internal;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was declared as {@code Object}: written as the value's own class is, read as the plain values of the tree. */
enum AnyShape implements Shape {
    /** The only one. */
    ANY;

    @Override
    public @Nullable Object write(Object value, Place place) {
        Shape shape = switch (value) {
            case Map<?, ?> map -> new MapShape(this);
            case Collection<?> items -> new ListShape(this, items instanceof Set);
            case Optional<?> optional -> new OptionalShape(this);
            case Enum<?> constant -> new EnumShape(constant.getDeclaringClass());
            default -> Shapes.ofRaw(value.getClass(), place);
        };
        return shape.write(value, place);
    }

    @Override
    public Object read(Object tree, Place place) {
        return tree;
    }
}
