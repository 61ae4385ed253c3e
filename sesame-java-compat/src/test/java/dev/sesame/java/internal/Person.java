package dev.sesame.java.internal;

import dev.sesame.java.ApprovalRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The other side of a gate's two ports: a person who reads what is asked, may edit it, and says yes unless told to do otherwise. */
final class Person {
    static final String ID = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa";

    final List<ApprovalRequest> asked = new ArrayList<>();
    private final UnaryOperator<String> edit;
    private final @Nullable Exception answer;

    /** Whether the run that failed last had done nothing. */
    boolean didNothing;

    private Person(UnaryOperator<String> edit, @Nullable Exception answer) {
        this.edit = edit;
        this.answer = answer;
    }

    static Person approving() {
        return new Person(context -> context, null);
    }

    static Person editing(UnaryOperator<String> edit) {
        return new Person(edit, null);
    }

    static Person answering(Exception answer) {
        return new Person(context -> context, answer);
    }

    <T> T gate(Class<T> type, T implementation) {
        return GatedInterface.gate(type, implementation, this::now, this::later);
    }

    ApprovalRequest onlyQuestion() {
        if (asked.size() != 1) throw new AssertionError("asked " + asked.size() + " questions");
        return asked.get(0);
    }

    private @Nullable Object now(ApprovalRequest request, ApprovedRun<@Nullable Object> run) throws Exception {
        asked.add(request);
        if (answer != null) throw answer;
        try {
            return run.run(ID, edit.apply(request.contextJson()));
        } catch (Exception problem) {
            didNothing = run.didNothing();
            throw problem;
        }
    }

    private CompletableFuture<@Nullable Object> later(
            ApprovalRequest request, ApprovedRun<CompletionStage<@Nullable Object>> run) {
        asked.add(request);
        if (answer != null) return CompletableFuture.failedFuture(answer);
        try {
            return run.run(ID, edit.apply(request.contextJson())).toCompletableFuture();
        } catch (Exception problem) {
            didNothing = run.didNothing();
            return CompletableFuture.failedFuture(problem);
        }
    }
}
