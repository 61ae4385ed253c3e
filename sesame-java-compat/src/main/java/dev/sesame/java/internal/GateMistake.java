package dev.sesame.java.internal;

import dev.sesame.InvalidRequestException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** What is wrong with an interface that is to be gated: said once, when the gate is made. */
final class GateMistake {
    private GateMistake() {}

    static InvalidRequestException of(Class<?> type, String problem) {
        return at(type.getSimpleName(), problem);
    }

    static InvalidRequestException of(Method method, String problem) {
        return at(nameOf(method), problem);
    }

    /** The class, the method and its parameters' types, such as {@code Refunds.refund(long, String)}. */
    static String nameOf(Method method) {
        String types = Arrays.stream(method.getGenericParameterTypes())
                .map(GateMistake::shortName)
                .collect(Collectors.joining(", "));
        return method.getDeclaringClass().getSimpleName() + "." + method.getName() + "(" + types + ")";
    }

    private static String shortName(Type type) {
        return type instanceof Class<?> plain
                ? plain.getSimpleName()
                : type.getTypeName().replaceAll("[\\w.$]+[.$](?=\\w)", "");
    }

    private static InvalidRequestException at(String where, String problem) {
        return new InvalidRequestException(where + ": " + problem, Map.of(where, problem), null);
    }
}
