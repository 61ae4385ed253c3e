package dev.sesame.java.internal;

import dev.sesame.java.RequireApproval;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads an annotated method, once, when the gate is made; whatever could only fail later is a {@link GateMistake} now. */
final class GatedMethodCheck {
    private static final int LONGEST_ACTION = 200;
    private static final int MOST_APPROVALS = 10;
    private static final Duration SHORTEST_EXPIRY = Duration.ofSeconds(10);
    private static final Duration LONGEST_EXPIRY = Duration.ofDays(30);
    private static final String NAMES_MISSING =
            "the names of its parameters were not compiled in: compile with -parameters "
                    + "(in Maven <parameters>true</parameters> for the maven-compiler-plugin)";

    private static final Set<Signature> OBJECTS_OWN =
            Arrays.stream(Object.class.getMethods()).map(Signature::of).collect(Collectors.toUnmodifiableSet());

    private final Method method;
    private final TypeVariables variables;

    private GatedMethodCheck(Method method, TypeVariables variables) {
        this.method = method;
        this.variables = variables;
    }

    static GatedMethod read(Method method, RequireApproval approval, TypeVariables variables) {
        if (Modifier.isStatic(method.getModifiers()) || Modifier.isPrivate(method.getModifiers())) {
            throw GateMistake.of(method, "@RequireApproval does nothing on a static or private method");
        }
        if (OBJECTS_OWN.contains(Signature.of(method)))
            throw GateMistake.of(method, "nobody can be asked about a method of Object");
        try {
            return new GatedMethodCheck(method, variables).read(approval);
        } catch (Unfit problem) {
            throw GateMistake.of(method, problem.sentence());
        }
    }

    private GatedMethod read(RequireApproval approval) {
        Fields arguments = arguments();
        return new GatedMethod(
                method,
                action(approval.action()),
                template("summary", approval.summary(), arguments),
                template("reason", approval.reason(), arguments),
                approval.dedupKey().isEmpty()
                        ? Optional.empty()
                        : Optional.of(Template.ofKey("dedupKey", approval.dedupKey(), arguments)),
                expiry(approval.expiresIn()),
                people(approval),
                arguments,
                returnsFuture());
    }

    private RequireApproval people(RequireApproval approval) {
        Set<String> names =
                Arrays.stream(method.getParameters()).map(Parameter::getName).collect(Collectors.toSet());
        for (String field : approval.editable()) {
            if (!names.contains(field)) throw new Unfit(Place.named("editable"), "names no parameter: " + field);
        }
        if (approval.approvalsRequired() < 1 || approval.approvalsRequired() > MOST_APPROVALS)
            throw new Unfit(Place.named("approvalsRequired"), "must be from 1 to " + MOST_APPROVALS);
        return approval;
    }

    private Fields arguments() {
        List<Shape> shapes = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            if (!parameter.isNamePresent()) throw GateMistake.of(method, NAMES_MISSING);
            Place place = Place.named(parameter.getName());
            shapes.add(Shapes.of(variables.close(parameter.getParameterizedType(), place), place));
        }
        List<String> names =
                Arrays.stream(method.getParameters()).map(Parameter::getName).toList();
        return new Fields(
                method.getDeclaringClass().getSimpleName() + "." + method.getName(), names, List.copyOf(shapes));
    }

    private static String action(String action) {
        Place place = Place.named("action");
        if (action.isBlank() || action.length() > LONGEST_ACTION)
            throw new Unfit(place, "must have 1 to " + LONGEST_ACTION + " characters");
        if (action.contains("{")) throw new Unfit(place, "must be the same for all arguments: it takes no {name}");
        return action;
    }

    private static Optional<Template> template(String attribute, String text, Fields arguments) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Template.of(attribute, text, arguments));
    }

    private static Optional<Duration> expiry(String text) {
        if (text.isEmpty()) return Optional.empty();
        Unfit problem =
                new Unfit(Place.named("expiresIn"), "must be an ISO-8601 duration from PT10S to P30D, such as PT4H");
        try {
            Duration expiry = Duration.parse(text);
            if (expiry.compareTo(SHORTEST_EXPIRY) < 0 || expiry.compareTo(LONGEST_EXPIRY) > 0) throw problem;
            return Optional.of(expiry);
        } catch (DateTimeException unreadable) {
            throw problem;
        }
    }

    private boolean returnsFuture() {
        Class<?> returned = variables.classOf(method.getGenericReturnType(), method.getReturnType());
        if (returned == CompletableFuture.class || returned == CompletionStage.class) return true;
        if (CompletionStage.class.isAssignableFrom(returned)
                || Future.class.isAssignableFrom(returned)
                || Flow.Publisher.class.isAssignableFrom(returned)
                || isReactive(returned)) {
            throw GateMistake.of(
                    method,
                    "it returns a " + returned.getSimpleName()
                            + ", and would go on after the gate took it for done: return CompletableFuture or CompletionStage");
        }
        return false;
    }

    /** By name, for that library may not be there. */
    private static boolean isReactive(@Nullable Class<?> type) {
        if (type == null) return false;
        return type.getName().equals("org.reactivestreams.Publisher")
                || isReactive(type.getSuperclass())
                || Arrays.stream(type.getInterfaces()).anyMatch(GatedMethodCheck::isReactive);
    }
}
