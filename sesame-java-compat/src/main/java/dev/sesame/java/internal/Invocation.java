package dev.sesame.java.internal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A call by reflection that throws what a plain call would. */
final class Invocation {
    private Invocation() {}

    static @Nullable Object of(Method method, Object target, @Nullable Object[] values) throws Exception {
        try {
            return method.invoke(target, values);
        } catch (InvocationTargetException wrapped) {
            throw Invocation.<RuntimeException>unchanged(wrapped.getCause());
        }
    }

    /** Throws it, whatever it is: the compiler need not know. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E unchanged(@Nullable Throwable problem) throws E {
        throw (E) problem;
    }
}
