package dev.sesame.java.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A method that nobody is asked about: it goes straight to the implementation. */
@FunctionalInterface
interface Ungated {
    @Nullable
    Object call(Object proxy, @Nullable Object[] values) throws Throwable;

    /**
     * A default method that the implementation doesn't have of its own runs on the gated object instead: the methods that it calls are
     * gated like any others.
     */
    static Ungated of(Class<?> type, Method method, Object implementation) {
        if (!isInherited(type, method, implementation))
            return (proxy, values) -> Invocation.of(method, implementation, values);
        try {
            Class<?> declaring = method.getDeclaringClass();
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(declaring, MethodHandles.lookup());
            MethodHandle body = lookup.unreflectSpecial(method, declaring).asFixedArity();
            return (proxy, values) -> body.bindTo(proxy).invokeWithArguments(values);
        } catch (
                IllegalAccessException
                        closed) { // one of the JDK's own, or of another module: those may be called if they are public
            return (proxy, values) -> InvocationHandler.invokeDefault(proxy, method, values);
        }
    }

    private static boolean isInherited(Class<?> type, Method method, Object implementation) {
        if (!method.isDefault()) return false;
        try {
            Method own = implementation.getClass().getMethod(method.getName(), method.getParameterTypes());
            return own.getDeclaringClass().isAssignableFrom(type);
        } catch (NoSuchMethodException problem) {
            throw new IllegalStateException(problem);
        }
    }
}
