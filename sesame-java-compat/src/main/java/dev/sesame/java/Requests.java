package dev.sesame.java;

import dev.sesame.internal.JavaValues;

/** Requests in the words of the client. */
final class Requests {
    private Requests() {}

    static dev.sesame.ApprovalRequest of(ApprovalRequest request) {
        return JavaValues.request(
                request.action(),
                request.summary(),
                request.reason().orElse(null),
                request.contextJson(),
                request.dedupKey().orElse(null),
                request.expiresIn().orElse(null),
                request.validFor().orElse(null),
                request.requestedBy().orElse(null),
                request.riskScore().isPresent() ? request.riskScore().getAsDouble() : null,
                request.callbackUrl().orElse(null),
                request.test().map(test -> test.core).orElse(null),
                request.editable(),
                request.approvalsRequired(),
                request.groups(),
                request.approvalsPerGroup());
    }
}
