package dev.sesame.java;

import dev.sesame.Approval;
import dev.sesame.internal.JavaValues;
import dev.sesame.java.internal.ApprovedCode;
import dev.sesame.java.internal.ApprovedRun;
import dev.sesame.java.internal.AsyncGate;
import dev.sesame.java.internal.AsyncRun;
import dev.sesame.java.internal.BlockingGate;
import dev.sesame.java.internal.Caller;
import dev.sesame.java.internal.GatedInterface;
import dev.sesame.java.internal.RunTerms;
import dev.sesame.java.internal.SharedClient;
import org.jspecify.annotations.Nullable;

/** Gated interfaces over a client; the same ones whichever view makes them. */
final class Gates {
    private Gates() {}

    static <I> I gate(SharedClient client, Class<I> type, I implementation) {
        BlockingGate blocking = (request, run) -> {
            RunTerms terms = terms(run);
            return Caller.run(
                    Caller.claim(() -> client.claim(Requests.of(request), terms)), terms.safeToRetry(), code(run));
        };
        AsyncGate async = (request, run) -> {
            RunTerms terms = terms(run);
            return AsyncRun.<@Nullable Object>of(
                    client.executor(), client.claim(Requests.of(request), terms), terms, code(run));
        };
        return GatedInterface.gate(type, implementation, blocking, async);
    }

    private static RunTerms terms(ApprovedRun<?> run) {
        return RunTerms.DEFAULTS.withSafeToRetry(problem -> run.didNothing());
    }

    private static <T extends @Nullable Object> ApprovedCode<T, Exception> code(ApprovedRun<T> run) {
        return (Approval approval) -> run.run(approval.getId(), JavaValues.effectiveContextJson(approval));
    }
}
