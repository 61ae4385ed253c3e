package dev.sesame.java.internal;

import dev.sesame.InvalidRequestException;
import dev.sesame.java.ApprovalRequest;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Answers each call of a gated object. */
final class GateCalls implements InvocationHandler {
    private final String name;
    private final Map<Signature, GatedMethod> gated;
    private final Map<Signature, Ungated> ungated;
    private final Object implementation;
    private final BlockingGate blocking;
    private final AsyncGate async;

    GateCalls(
            String name,
            Map<Signature, GatedMethod> gated,
            Map<Signature, Ungated> ungated,
            Object implementation,
            BlockingGate blocking,
            AsyncGate async) {
        this.name = name;
        this.gated = Map.copyOf(gated);
        this.ungated = Map.copyOf(ungated);
        this.implementation = implementation;
        this.blocking = blocking;
        this.async = async;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        @Nullable Object[] values = arguments == null ? new @Nullable Object[0] : arguments;
        if (method.getDeclaringClass() == Object.class) return ofObject(proxy, method, values);
        Signature signature = Signature.of(method);
        GatedMethod asking = gated.get(signature);
        if (asking == null)
            return Objects.requireNonNull(ungated.get(signature)).call(proxy, values);
        return asking.isAsync() ? later(asking, values) : now(asking, values);
    }

    private @Nullable Object now(GatedMethod method, @Nullable Object[] values) throws Exception {
        GatedCall<@Nullable Object> call = new GatedCall<>(method, implementation);
        try {
            return blocking.approve(method.request(values), call);
        } catch (InterruptedException interruption) {
            if (method.throwsInterruption()) throw interruption;
            Thread.currentThread().interrupt();
            String when = call.didNothing() ? "while it waited for an approval; it was not run" : "while it ran";
            CancellationException left = new CancellationException(method.action() + " was interrupted " + when);
            left.initCause(interruption);
            throw left;
        }
    }

    private CompletableFuture<@Nullable Object> later(GatedMethod method, @Nullable Object[] values) {
        ApprovalRequest request;
        try {
            request = method.request(values);
        } catch (InvalidRequestException problem) {
            return CompletableFuture.failedFuture(problem);
        }
        return async.approve(request, new GatedCall<CompletionStage<@Nullable Object>>(method, implementation));
    }

    @SuppressWarnings("ReferenceEquality") // no two of them are the same
    private @Nullable Object ofObject(Object proxy, Method method, @Nullable Object[] values) {
        return switch (method.getName()) {
            case "equals" -> proxy == values[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> name;
        };
    }
}
