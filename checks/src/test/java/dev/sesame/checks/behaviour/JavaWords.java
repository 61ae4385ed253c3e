package dev.sesame.checks.behaviour;

import dev.sesame.ApprovalStatus;
import dev.sesame.java.Approval;
import dev.sesame.java.ApprovalFilter;
import dev.sesame.java.ApprovalRequest;
import dev.sesame.java.Decision;
import dev.sesame.java.RunOptions;

/** The suite's words in those of both Java views. */
final class JavaWords {
    private JavaWords() {}

    static ApprovalRequest request(Ask ask) {
        var request = ApprovalRequest.builder(ask.action()).contextJson(ask.context());
        if (ask.dedupKey() != null) request.dedupKey(ask.dedupKey());
        if (ask.expiresIn() != null) request.expiresIn(ask.expiresIn());
        return request.build();
    }

    static RunOptions options(How how) {
        RunOptions options = RunOptions.defaults().safeToRetry(how.safeToRetry());
        if (how.timeout() != null) options = options.timeout(how.timeout());
        return how.afterUnknown() ? options.afterUnknown() : options;
    }

    static ApprovalFilter filter(String status, String action) {
        return ApprovalFilter.all().status(ApprovalStatus.of(status)).action(action);
    }

    static Seen seen(Approval approval) {
        return new Seen(
                approval.id(),
                approval.action(),
                approval.status().getValue(),
                approval.contextJson(),
                approval.decision().flatMap(Decision::note));
    }
}
