package dev.sesame.java.internal;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A record as the object of its components; read through its canonical constructor, whose refusal is a refusal. */
final class RecordShape implements Shape {
    private final Class<?> type;
    private final Constructor<?> constructor;
    private final Method[] accessors;
    private @Nullable Fields fields;

    RecordShape(Class<?> type, Place place) {
        this.type = type;
        RecordComponent[] components = type.getRecordComponents();
        accessors = Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
        try {
            constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        } catch (NoSuchMethodException problem) {
            throw new IllegalStateException(type + " has no canonical constructor", problem);
        }
        boolean isOpen = constructor.trySetAccessible();
        for (Method accessor : accessors) isOpen &= accessor.trySetAccessible();
        if (!isOpen)
            throw new Unfit(
                    place, "is a " + type.getName() + ", whose package its module has to open to dev.sesame.java");
    }

    /** The components' shapes come last: a record may hold itself. */
    void complete(Fields components) {
        fields = components;
    }

    Fields fields() {
        return Objects.requireNonNull(fields);
    }

    @Override
    public Object write(Object value, Place place) {
        @Nullable Object[] values = new @Nullable Object[accessors.length];
        for (int index = 0; index < values.length; index++) {
            Method accessor = accessors[index];
            values[index] = called(() -> accessor.invoke(value), place);
        }
        return fields().write(values, place);
    }

    @Override
    public Object read(Object tree, Place place) {
        @Nullable Object[] values = fields().read(tree, place);
        return Objects.requireNonNull(called(() -> constructor.newInstance(values), place));
    }

    private interface Reflective {
        @Nullable
        Object call() throws ReflectiveOperationException;
    }

    private @Nullable Object called(Reflective step, Place place) {
        try {
            return step.call();
        } catch (InvocationTargetException problem) { // the message of what was thrown may hold a value
            if (problem.getCause() instanceof Error error) throw error;
            String thrown =
                    Objects.requireNonNull(problem.getCause()).getClass().getSimpleName();
            throw new Unfit(place, "is refused by " + type.getSimpleName() + " itself, with " + thrown);
        } catch (ReflectiveOperationException problem) {
            throw new IllegalStateException(problem);
        }
    }
}
