package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a Java developer can see, starting at this module's public types and going on with every type that a signature names: no Kotlin, no
 * coroutine, no Ktor. Members that Java can't write ({@code $} and {@code -} in the name) or doesn't see (synthetic) don't count.
 */
class PublicSignaturesTest {
    private static final List<String> FOREIGN = List.of("kotlin.", "kotlinx.", "io.ktor.");
    private static final String OURS = "dev.sesame.";

    @Test
    void noneNamesATypeOfKotlinOrKtor() throws Exception {
        Deque<Class<?>> toLookAt = new ArrayDeque<>(publicTypes());
        Set<Class<?>> seen = new LinkedHashSet<>(toLookAt);
        List<String> found = new ArrayList<>();
        while (!toLookAt.isEmpty()) {
            Class<?> type = toLookAt.remove();
            for (Named named : signatures(type)) {
                for (Class<?> other : named.types()) {
                    if (FOREIGN.stream().anyMatch(other.getName()::startsWith))
                        found.add(named.member() + " names " + other.getName());
                    else if (other.getName().startsWith(OURS) && seen.add(other)) toLookAt.add(other);
                }
            }
        }
        assertThat(found).isEmpty();
        assertThat(seen).contains(BlockingSesame.class, ApprovalRequest.Builder.class, dev.sesame.ApprovalStatus.class);
    }

    @Test
    void noneNamesATypeOfTheInternalPackages() throws Exception {
        List<String> found = new ArrayList<>();
        for (Class<?> type : publicTypes()) {
            for (Named named : signatures(type)) {
                named.types().stream()
                        .filter(other -> other.getName().contains(".internal."))
                        .forEach(other -> found.add(named.member() + " names " + other.getName()));
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void theWalkSeesAForeignTypeWhereThereIsOne() {
        assertThat(signatures(dev.sesame.Approvers.class))
                .flatExtracting(Named::types)
                .extracting(Class::getName)
                .contains("kotlinx.coroutines.flow.Flow", "kotlin.coroutines.Continuation");
    }

    private record Named(String member, Set<Class<?>> types) {}

    /** The public types of the module's public package, nested ones too. */
    private static List<Class<?>> publicTypes() throws Exception {
        Path classes = Path.of(BlockingSesame.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.list(classes.resolve("dev/sesame/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) types.add(load(file));
        }
        types.removeIf(type -> !isSeen(type.getModifiers())
                || type.isSynthetic()
                || type.getSimpleName().equals("package-info"));
        assertThat(types).hasSizeGreaterThan(20);
        return types;
    }

    private static Class<?> load(Path file) throws IOException, ClassNotFoundException {
        String name = file.getFileName().toString();
        return Class.forName("dev.sesame.java." + name.substring(0, name.length() - ".class".length()));
    }

    private static List<Named> signatures(Class<?> type) {
        List<Named> found = new ArrayList<>();
        Set<Class<?>> above = new LinkedHashSet<>();
        if (type.getGenericSuperclass() != null) collect(type.getGenericSuperclass(), above);
        for (Type parent : type.getGenericInterfaces()) collect(parent, above);
        for (TypeVariable<?> variable : type.getTypeParameters()) collect(variable, above);
        found.add(new Named(type.getName(), above));
        for (Field field : type.getDeclaredFields()) {
            if (isWritable(field)) found.add(named(field, field.getGenericType()));
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isWritable(method)) found.add(named(method, method.getGenericReturnType()));
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            // Those of the core's exceptions are internal to it.
            if (isWritable(constructor) && !Throwable.class.isAssignableFrom(type))
                found.add(named(constructor, void.class));
        }
        return found;
    }

    private static Named named(Member member, Type own) {
        Set<Class<?>> types = new LinkedHashSet<>();
        collect(own, types);
        if (member instanceof Executable executable) {
            for (Type parameter : executable.getGenericParameterTypes()) collect(parameter, types);
            for (Type thrown : executable.getGenericExceptionTypes()) collect(thrown, types);
            for (TypeVariable<?> variable : executable.getTypeParameters()) collect(variable, types);
        }
        return new Named(member.getDeclaringClass().getName() + "." + member.getName(), types);
    }

    private static boolean isWritable(Member member) {
        return isSeen(member.getModifiers())
                && !member.isSynthetic()
                && member.getName().chars().noneMatch(letter -> letter == '$' || letter == '-');
    }

    private static boolean isSeen(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static void collect(Type type, Set<Class<?>> into) {
        switch (type) {
            case Class<?> plain -> into.add(plain.isArray() ? plain.componentType() : plain);
            case ParameterizedType generic -> {
                collect(generic.getRawType(), into);
                Arrays.stream(generic.getActualTypeArguments()).forEach(argument -> collect(argument, into));
            }
            case GenericArrayType array -> collect(array.getGenericComponentType(), into);
            case WildcardType wildcard -> {
                Arrays.stream(wildcard.getUpperBounds()).forEach(bound -> collect(bound, into));
                Arrays.stream(wildcard.getLowerBounds()).forEach(bound -> collect(bound, into));
            }
            case TypeVariable<?> variable -> {
                for (Type bound : variable.getBounds()) if (bound instanceof Class<?> plain) into.add(plain);
            }
            default -> throw new AssertionError("an unknown kind of type: " + type);
        }
    }
}
