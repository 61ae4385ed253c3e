package dev.sesame.java;

import dev.sesame.ApprovalStatus;
import dev.sesame.Mode;
import dev.sesame.internal.JavaValues;
import dev.sesame.java.internal.ContextJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One question to people about one action, as the broker told it: a snapshot that never changes.
 *
 * <p>What an older or simpler broker doesn't send is empty here. {@code toString} names id, action and status only.
 */
public final class Approval {
    private final dev.sesame.Approval approval;

    Approval(dev.sesame.Approval approval) {
        this.approval = approval;
    }

    /** {@code ap_} and 26 characters: what to attach to, or to look for. */
    public String id() {
        return approval.getId();
    }

    /** Live or test. */
    public Mode mode() {
        return approval.getMode();
    }

    /** The stable key of what will be done, such as {@code payments.refund}. */
    public String action() {
        return approval.getAction();
    }

    /** The line the human reads. */
    public Optional<String> summary() {
        return Optional.ofNullable(approval.getSummary());
    }

    /** Why it is asked. */
    public Optional<String> reason() {
        return Optional.ofNullable(approval.getReason());
    }

    /** Where it stands. */
    public ApprovalStatus status() {
        return approval.getStatus();
    }

    /**
     * What was approved, with the approver's edits, as a record: the parameters to run with.
     *
     * @throws dev.sesame.ProtocolException it doesn't fit {@code type} exactly: a field is missing, unknown, or of another type.
     * @throws dev.sesame.InvalidRequestException {@code type} can't be read from any context.
     */
    public <R extends Record> R contextAs(Class<R> type) {
        return ContextJson.read(id(), contextJson(), type);
    }

    /**
     * What was approved, with the approver's edits, by name; numbers are {@link Long} or {@link java.math.BigDecimal}, and nothing in it can
     * be modified. {@link dev.sesame.ProtocolException} where it is no JSON that can be read in one way only.
     */
    public Map<String, @Nullable Object> context() {
        return ContextJson.read(id(), contextJson());
    }

    /** What was approved, with the approver's edits: the text of a JSON object. */
    public String contextJson() {
        return JavaValues.effectiveContextJson(approval);
    }

    /** What was asked with, before any edit, as {@link #context()} gives what was approved. */
    public Optional<Map<String, @Nullable Object>> originalContext() {
        return originalContextJson().map(json -> ContextJson.read(id(), json));
    }

    /** What was asked with, before any edit: the text of a JSON object. */
    public Optional<String> originalContextJson() {
        return Optional.ofNullable(JavaValues.contextJson(approval));
    }

    /** {@code sha256:} over the RFC 8785 form of action and context as asked. */
    public Optional<String> requestHash() {
        return Optional.ofNullable(approval.getRequestHash());
    }

    /** The same over the context as approved: what a claim names. */
    public Optional<String> contextHash() {
        return Optional.ofNullable(approval.getContextHash());
    }

    /** Where the decision is sent as a webhook. */
    public Optional<String> callbackUrl() {
        return Optional.ofNullable(approval.getCallbackUrl());
    }

    /** The requester's own id for the question. */
    public Optional<String> dedupKey() {
        return Optional.ofNullable(approval.getDedupKey());
    }

    /** When it was asked. */
    public Optional<Instant> createdAt() {
        return Optional.ofNullable(approval.getCreatedAt());
    }

    /** When silence ends it: never as a yes. */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(approval.getExpiresAt());
    }

    /** When it ended. */
    public Optional<Instant> decidedAt() {
        return Optional.ofNullable(approval.getDecidedAt());
    }

    /** Until when an approved one may be claimed. */
    public Optional<Instant> validUntil() {
        return Optional.ofNullable(approval.getValidUntil());
    }

    /** The name of the requester. */
    public Optional<String> requesterLabel() {
        return Optional.ofNullable(approval.getRequesterLabel());
    }

    /** On whose behalf it was asked. */
    public Optional<String> requestedBy() {
        return Optional.ofNullable(approval.getRequestedBy());
    }

    /** From 0 to 1, as the requester judged it. */
    public OptionalDouble riskScore() {
        Double score = approval.getRiskScore();
        return score == null ? OptionalDouble.empty() : OptionalDouble.of(score);
    }

    /** Which context fields an approver may change. */
    public List<String> editable() {
        return List.copyOf(approval.getEditable());
    }

    /** How many distinct people must approve. */
    public int approvalsRequired() {
        return approval.getApprovalsRequired();
    }

    /** Which groups may answer; empty where everybody may. */
    public List<String> groups() {
        return List.copyOf(approval.getGroups());
    }

    /** How many of each group must approve, by its name, nobody counted for two groups. */
    public Map<String, Integer> approvalsPerGroup() {
        return Map.copyOf(approval.getApprovalsPerGroup());
    }

    /** Who else is asked if nobody decides in time; empty where nobody is. */
    public Optional<Escalation> escalation() {
        return Optional.ofNullable(approval.getEscalation()).map(Escalation::new);
    }

    /**
     * Where values of the contexts are not told here, as paths such as {@code customer.iban}: the text {@code [redacted]} stands in their
     * place. A requester is told everything until it is erased; an approval with such places never runs.
     */
    public List<String> redacted() {
        return List.copyOf(approval.getRedacted());
    }

    /** What the approver changed of the context before approving, field by field; empty where it was approved as asked. */
    public List<Edit> edits() {
        return approval.getEdits().stream().map(Edit::new).toList();
    }

    /** The answers so far, the latest last; also while it is pending. */
    public List<Vote> votes() {
        return approval.getVotes().stream().map(Vote::new).toList();
    }

    /** The page where people read it. */
    public Optional<String> approvalUrl() {
        return Optional.ofNullable(approval.getApprovalUrl());
    }

    /** The policy rule that applied. */
    public Optional<String> rule() {
        return Optional.ofNullable(approval.getRule());
    }

    /** The outcome; empty while it is pending. */
    public Optional<Decision> decision() {
        return Optional.ofNullable(approval.getDecision()).map(Decision::new);
    }

    /** What became of the run; empty before anyone claimed it. */
    public Optional<Execution> execution() {
        return Optional.ofNullable(approval.getExecution()).map(Execution::new);
    }

    /** For logs: never a key, a token or a context. */
    @Override
    public String toString() {
        return approval.toString();
    }
}
