package dev.sesame.java;

import dev.sesame.ApprovalStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which approvals to list. Immutable: each method gives a new filter. */
public final class ApprovalFilter {
    private static final ApprovalFilter ALL = new ApprovalFilter(null, null);
    final @Nullable ApprovalStatus status;
    final @Nullable String action;

    private ApprovalFilter(@Nullable ApprovalStatus status, @Nullable String action) {
        this.status = status;
        this.action = action;
    }

    /** All that this key asked. */
    public static ApprovalFilter all() {
        return ALL;
    }

    /** Only those that stand so. */
    public ApprovalFilter status(ApprovalStatus status) {
        return new ApprovalFilter(Objects.requireNonNull(status, "status"), action);
    }

    /** Only those for this action. */
    public ApprovalFilter action(String action) {
        return new ApprovalFilter(status, Objects.requireNonNull(action, "action"));
    }

    /** For logs. */
    @Override
    public String toString() {
        return "ApprovalFilter(status=" + status + ", action=" + action + ")";
    }
}
