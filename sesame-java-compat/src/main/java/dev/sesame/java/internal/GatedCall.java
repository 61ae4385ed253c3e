package dev.sesame.java.internal;

import org.jspecify.annotations.Nullable;

/** One call of a gated method: what runs is the implementation, with the arguments that were approved. */
final class GatedCall<R extends @Nullable Object> implements ApprovedRun<R> {
    private final GatedMethod method;
    private final Object implementation;
    private volatile boolean isStarted;

    GatedCall(GatedMethod method, Object implementation) {
        this.method = method;
        this.implementation = implementation;
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // R is what the method returns: null, where it is no future
    public R run(String approvalId, String effectiveContext) throws Exception {
        @Nullable Object[] approved = method.approvedArguments(approvalId, effectiveContext);
        isStarted = true;
        Object returned = Invocation.of(method.method(), implementation, approved);
        if (method.isAsync() && returned == null) {
            throw new NullPointerException(GateMistake.nameOf(method.method()) + " returned null instead of a future");
        }
        return (R) returned;
    }

    @Override
    public boolean didNothing() {
        return !isStarted;
    }
}
