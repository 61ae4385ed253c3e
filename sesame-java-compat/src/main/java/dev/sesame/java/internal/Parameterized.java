package dev.sesame.java.internal;

import java.lang.reflect.Type;
import java.util.List;

/** A generic class with its arguments, none of which is a variable any more, such as {@code List<Refund>}. */
record Parameterized(Class<?> raw, List<Type> arguments) implements Type {
    @Override
    public String getTypeName() {
        return raw.getTypeName() + arguments.stream().map(Type::getTypeName).toList();
    }
}
