package dev.sesame.java.internal;

import dev.sesame.java.RequireApproval;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An interface before whose annotated methods a person is asked. */
public final class GatedInterface {
    private GatedInterface() {}

    /**
     * Puts gates before {@code implementation}. Asks nobody yet.
     *
     * @throws dev.sesame.InvalidRequestException where the interface can't be gated as it is annotated; it says which method, and why.
     */
    public static <T> T gate(Class<T> type, T implementation, BlockingGate blocking, AsyncGate async) {
        if (!type.isInterface() || type.isAnnotation()) throw GateMistake.of(type, "only an interface can be gated");
        if (type.isSealed() || type.isHidden())
            throw GateMistake.of(type, "a sealed or hidden interface can't be gated");
        if (!type.isInstance(implementation)) throw GateMistake.of(type, "the implementation isn't one");
        requireNoneOnClass(implementation.getClass());
        Map<Signature, GatedMethod> gated = GatedMethods.of(type);
        for (GatedMethod method : gated.values()) requireCallable(method.method());
        String name = gated.values().stream()
                .map(GatedMethod::action)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", ", type.getSimpleName() + "(", ")"));
        Map<Signature, Ungated> ungated = ungated(type, gated.keySet(), implementation);
        GateCalls calls = new GateCalls(name, gated, ungated, implementation, blocking, async);
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
    }

    private static Map<Signature, Ungated> ungated(Class<?> type, Set<Signature> gated, Object implementation) {
        Map<Signature, Ungated> ungated = new LinkedHashMap<>();
        for (Method method : type.getMethods()) {
            if (Modifier.isStatic(method.getModifiers()) || gated.contains(Signature.of(method))) continue;
            requireCallable(method);
            ungated.put(Signature.of(method), Ungated.of(type, method, implementation));
        }
        return ungated;
    }

    private static void requireCallable(Method method) {
        if (method.trySetAccessible()) return;
        String home = method.getDeclaringClass().getPackageName();
        throw GateMistake.of(
                method, "it can't be called from here: its module has to open " + home + " to dev.sesame.java");
    }

    private static void requireNoneOnClass(Class<?> implementation) {
        for (@Nullable Class<?> type = implementation; type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.isBridge() || !method.isAnnotationPresent(RequireApproval.class)) continue;
                throw GateMistake.of(
                        method, "@RequireApproval does nothing on the method of a class: put it on the interface's");
            }
        }
    }
}
