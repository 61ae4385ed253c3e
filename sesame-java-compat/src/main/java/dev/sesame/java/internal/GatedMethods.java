package dev.sesame.java.internal;

import dev.sesame.java.RequireApproval;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which methods of an interface are gated, those of the interfaces above it among them.
 *
 * <p>No way around a gate: a method that overrides a gated one without saying so again, or is inherited twice with and without it, is a
 * mistake; and what the compiler adds for generics leads to the method that it stands for.
 */
final class GatedMethods {
    private final Class<?> type;
    private final TypeVariables variables;
    private final Set<Method> hierarchy = new LinkedHashSet<>();

    private GatedMethods(Class<?> type) {
        this.type = type;
        variables = TypeVariables.above(type);
        addDeclared(type);
    }

    static Map<Signature, GatedMethod> of(Class<?> type) {
        return new GatedMethods(type).find();
    }

    private Map<Signature, GatedMethod> find() {
        Map<Method, GatedMethod> gated = new LinkedHashMap<>();
        for (Method method : hierarchy) {
            RequireApproval approval = method.getAnnotation(RequireApproval.class);
            if (approval != null && !method.isBridge())
                gated.put(method, GatedMethodCheck.read(method, approval, variables));
        }
        if (gated.isEmpty()) throw GateMistake.of(type, "none of its methods has @RequireApproval");
        Map<Signature, GatedMethod> found = new LinkedHashMap<>();
        visible().forEach((signature, methods) -> {
            Set<Method> meant = methods.stream().map(this::meant).collect(Collectors.toCollection(LinkedHashSet::new));
            GatedMethod one = gated.get(meant.iterator().next());
            if (one != null && meant.size() == 1) found.put(signature, one);
            else requireUngated(signature, meant);
        });
        return found;
    }

    private void requireUngated(Signature signature, Set<Method> meant) {
        Signature closed = variables.close(meant.iterator().next());
        for (Method method : hierarchy) {
            boolean isSame = meant.contains(method)
                    || Signature.of(method).equals(signature)
                    || variables.close(method).equals(closed);
            if (!isSame || !method.isAnnotationPresent(RequireApproval.class)) continue;
            String way = "is also reached as "
                    + GateMistake.nameOf(meant.iterator().next()) + ", without this @RequireApproval";
            throw GateMistake.of(method, "it " + way + ": declare it in " + type.getSimpleName() + " with one");
        }
    }

    /** What may be called on an object of the type, by signature; several where they come from unrelated interfaces. */
    private Map<Signature, List<Method>> visible() {
        return Arrays.stream(type.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .collect(Collectors.groupingBy(Signature::of, LinkedHashMap::new, Collectors.toList()));
    }

    /** The method itself, or the one that the compiler made this bridge for. */
    private Method meant(Method method) {
        if (!method.isBridge()) return method;
        List<Method> candidates = Arrays.stream(method.getDeclaringClass().getDeclaredMethods())
                .filter(other -> !other.isBridge() && bridges(method, other))
                .toList();
        if (candidates.size() == 1) return candidates.get(0);
        boolean isGated = candidates.stream().anyMatch(other -> other.isAnnotationPresent(RequireApproval.class));
        if (isGated) throw GateMistake.of(method, "its overloads can't be told apart: give them different names");
        return method;
    }

    private static boolean bridges(Method bridge, Method other) {
        if (!bridge.getName().equals(other.getName()) || bridge.getParameterCount() != other.getParameterCount())
            return false;
        for (int index = 0; index < bridge.getParameterCount(); index++) {
            if (!bridge.getParameterTypes()[index].isAssignableFrom(other.getParameterTypes()[index])) return false;
        }
        return bridge.getReturnType().isAssignableFrom(other.getReturnType());
    }

    private void addDeclared(Class<?> declaring) {
        hierarchy.addAll(List.of(declaring.getDeclaredMethods()));
        for (Class<?> parent : declaring.getInterfaces()) addDeclared(parent);
    }
}
