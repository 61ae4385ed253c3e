package dev.sesame.java.internal;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the variables of generic classes stand for at one place: closes a type to a {@link Class} or a {@link Parameterized}. */
final class TypeVariables {
    private final Map<TypeVariable<?>, Type> bound = new HashMap<>();

    private TypeVariables() {}

    /** Those of {@code type} and of the interfaces above it, as far as they say what they stand for. */
    static TypeVariables above(Class<?> type) {
        TypeVariables variables = new TypeVariables();
        variables.addAbove(type);
        return variables;
    }

    static TypeVariables of(Class<?> type, List<Type> arguments) {
        TypeVariables variables = new TypeVariables();
        variables.bind(type, arguments);
        return variables;
    }

    Type close(Type type, Place place) {
        return switch (type) {
            case Class<?> plain -> plain;
            case Parameterized closed -> closed;
            case ParameterizedType generic ->
                new Parameterized((Class<?>) generic.getRawType(), closeAll(generic, place));
            case WildcardType wildcard -> close(wildcard.getUpperBounds()[0], place);
            case TypeVariable<?> variable -> closeVariable(variable, place);
            default -> throw new Unfit(place, "is a " + type.getTypeName() + ", which no context takes: use a List");
        };
    }

    /** The signature with the classes that its variables stand for, as far as that is known. */
    Signature close(Method method) {
        List<Class<?>> parameters = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            parameters.add(classOf(parameter.getParameterizedType(), parameter.getType()));
        }
        return new Signature(method.getName(), List.copyOf(parameters));
    }

    /** The class that {@code type} comes down to; {@code otherwise} where nothing says what a variable in it stands for. */
    Class<?> classOf(Type type, Class<?> otherwise) {
        try {
            Type closed = close(type, Place.CONTEXT);
            return closed instanceof Parameterized generic ? generic.raw() : (Class<?>) closed;
        } catch (Unfit open) {
            return otherwise;
        }
    }

    private List<Type> closeAll(ParameterizedType generic, Place place) {
        return Arrays.stream(generic.getActualTypeArguments())
                .map(argument -> close(argument, place))
                .toList();
    }

    private Type closeVariable(TypeVariable<?> variable, Place place) {
        Type meant = bound.get(variable);
        if (meant == null) throw new Unfit(place, "is a " + variable + ", and nothing says what that stands for");
        return close(meant, place);
    }

    private void addAbove(Class<?> type) {
        for (Type parent : type.getGenericInterfaces()) {
            if (parent instanceof ParameterizedType generic) {
                bind((Class<?>) generic.getRawType(), List.of(generic.getActualTypeArguments()));
                addAbove((Class<?>) generic.getRawType());
            } else if (parent instanceof Class<?> plain) {
                addAbove(plain);
            }
        }
    }

    private void bind(Class<?> type, List<Type> arguments) {
        TypeVariable<?>[] variables = type.getTypeParameters();
        for (int index = 0; index < variables.length; index++) bound.put(variables[index], arguments.get(index));
    }
}
