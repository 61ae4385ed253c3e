package dev.sesame.java.internal;

import dev.sesame.java.ApprovalRequest;
import dev.sesame.java.RequireApproval;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A method that asks before it runs: from a call's arguments to the question, and from what was approved back to arguments.
 *
 * @param method the implementation's method is called through it.
 * @param people says who is asked, and what they may change.
 * @param arguments the parameters' names and shapes: the context.
 * @param isAsync whether it returns a future.
 */
record GatedMethod(
        Method method,
        String action,
        Optional<Template> summary,
        Optional<Template> reason,
        Optional<Template> dedupKey,
        Optional<Duration> expiresIn,
        RequireApproval people,
        Fields arguments,
        boolean isAsync) {
    private static final int LONGEST_SUMMARY = 500;
    private static final int LONGEST_REASON = 4_000;

    /** {@link dev.sesame.InvalidRequestException} where an argument can't be shown to a human. */
    ApprovalRequest request(@Nullable Object[] values) {
        return ContextJson.asked(() -> {
            Map<String, @Nullable Object> context = arguments.write(values, Place.CONTEXT);
            ApprovalRequest.Builder request = ApprovalRequest.builder(action).contextJson(JsonText.print(context));
            summary.ifPresent(it -> request.summary(Line.of(it.fill(context), LONGEST_SUMMARY)));
            reason.ifPresent(it -> request.reason(Line.cut(it.fill(context), LONGEST_REASON)));
            dedupKey.ifPresent(it -> request.dedupKey(it.fillKey(context)));
            expiresIn.ifPresent(request::expiresIn);
            request.editable(people.editable());
            request.approvalsRequired(people.approvalsRequired());
            request.groups(people.groups());
            return request.build();
        });
    }

    @Nullable
    Object[] approvedArguments(String approvalId, String effectiveContext) {
        return ContextJson.arguments(approvalId, effectiveContext, arguments);
    }

    /** Whether it may throw an {@link InterruptedException} as such. */
    boolean throwsInterruption() {
        return Arrays.stream(method.getExceptionTypes())
                .anyMatch(type -> type.isAssignableFrom(InterruptedException.class));
    }
}
