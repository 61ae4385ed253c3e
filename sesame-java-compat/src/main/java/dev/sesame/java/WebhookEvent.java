package dev.sesame.java;

import dev.sesame.ApprovalStatus;
import dev.sesame.Mode;
import dev.sesame.ProtocolException;
import dev.sesame.internal.JavaValues;
import dev.sesame.java.internal.ContextJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A decision as the broker told it by webhook. It may come more than once and in any order: it says that something was decided, and {@link
 * DecisionHandlers} ask the broker for the right to run it.
 *
 * <p>{@code toString} names id, action and status only.
 */
public final class WebhookEvent {
    private final dev.sesame.WebhookEvent event;

    WebhookEvent(dev.sesame.WebhookEvent event) {
        this.event = event;
    }

    /**
     * What {@code body} says, whoever wrote it: anybody could have. For tools that look at what was stored; to receive webhooks, take {@link
     * WebhookVerifier}. {@link dev.sesame.WebhookVerificationException} where it is no event.
     */
    public static WebhookEvent parseUnverified(byte[] body) {
        return new WebhookEvent(dev.sesame.WebhookEvent.parseUnverified(body));
    }

    dev.sesame.WebhookEvent event() {
        return event;
    }

    /** {@code approval.} and the status. */
    public String type() {
        return event.getType();
    }

    /** What to attach to. */
    public String approvalId() {
        return event.getApprovalId();
    }

    /** The stable key of what was decided on. */
    public String action() {
        return event.getAction();
    }

    /** How it ended: approved, denied, expired or cancelled. */
    public ApprovalStatus status() {
        return event.getStatus();
    }

    /** When it ended. */
    public Optional<Instant> decidedAt() {
        return Optional.ofNullable(event.getDecidedAt());
    }

    /** The name of the requester. */
    public Optional<String> requesterLabel() {
        return Optional.ofNullable(event.getRequesterLabel());
    }

    /** The requester's own id for the question. */
    public Optional<String> dedupKey() {
        return Optional.ofNullable(event.getDedupKey());
    }

    /** Live or test. */
    public Mode mode() {
        return event.getMode();
    }

    /** Who decided; empty where nobody did, as on expiry. */
    public Optional<Person> decidedBy() {
        return Optional.ofNullable(event.getDecidedBy()).map(Person::new);
    }

    /** What the deciding person wrote. */
    public Optional<String> note() {
        return Optional.ofNullable(event.getNote());
    }

    /** Whether an approver changed the context. */
    public boolean isEdited() {
        return event.getEdited();
    }

    /**
     * What was decided on, with the approver's edits, as a record: the parameters to run with.
     *
     * @throws ProtocolException it doesn't fit {@code type} exactly: a field is missing, unknown, or of another type; or values are
     *     {@link #redacted()}.
     * @throws dev.sesame.InvalidRequestException {@code type} can't be read from any context.
     */
    public <R extends Record> R contextAs(Class<R> type) {
        if (!redacted().isEmpty()) {
            String left = String.join(", ", redacted());
            throw new ProtocolException(
                    approvalId() + ": the webhook leaves " + left + " out: dispatch it, or read the approval", null);
        }
        return ContextJson.read(approvalId(), contextJson(), type);
    }

    /**
     * What was decided on, with the approver's edits, by name; numbers are {@link Long} or {@link java.math.BigDecimal}, and nothing in it
     * can be modified. {@link dev.sesame.ProtocolException} where it is no JSON that can be read in one way only.
     */
    public Map<String, @Nullable Object> context() {
        return ContextJson.read(approvalId(), contextJson());
    }

    /** What was decided on, with the approver's edits: the text of a JSON object. */
    public String contextJson() {
        return JavaValues.effectiveContextJson(event);
    }

    /** What was asked with, before any edit, as {@link #context()} gives what was decided on. */
    public Optional<Map<String, @Nullable Object>> originalContext() {
        return originalContextJson().map(json -> ContextJson.read(approvalId(), json));
    }

    /** What was asked with, before any edit: the text of a JSON object. */
    public Optional<String> originalContextJson() {
        return Optional.ofNullable(JavaValues.contextJson(event));
    }

    /** What the approver changed, field by field; empty where nothing was, and where the webhook leaves the original out. */
    public List<Edit> edits() {
        return event.getEdits().stream().map(Edit::new).toList();
    }

    /** {@code sha256:} over action and context as asked. */
    public Optional<String> requestHash() {
        return Optional.ofNullable(event.getRequestHash());
    }

    /** The same over the context as decided on. */
    public Optional<String> contextHash() {
        return Optional.ofNullable(event.getContextHash());
    }

    /** The signed record of the decision, where the broker makes one. */
    public Optional<String> receipt() {
        return Optional.ofNullable(event.getReceipt());
    }

    /**
     * Where values are left out by a rule, as paths such as {@code customer.iban}: in the contexts the text {@code [redacted]} stands in their
     * place. Empty in what {@link DecisionHandlers} run: they read the whole from the broker.
     */
    public List<String> redacted() {
        return List.copyOf(event.getRedacted());
    }

    /** The delivery's id, the same over all attempts; empty in an unverified event. */
    public Optional<String> webhookId() {
        return Optional.ofNullable(event.getWebhookId());
    }

    /** When this attempt was sent; empty in an unverified event. */
    public Optional<Instant> sentAt() {
        return Optional.ofNullable(event.getSentAt());
    }

    /** Whether its signature was checked: only then it may be dispatched. */
    public boolean isVerified() {
        return event.isVerified();
    }

    /** For logs: never a key, a token or a context. */
    @Override
    public String toString() {
        return event.toString();
    }
}
