package dev.sesame.java;

import static java.util.Objects.requireNonNull;

import dev.sesame.InvalidRequestException;
import dev.sesame.java.internal.ContextJson;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of people. It never changes once built, and may be asked more than once.
 *
 * <p>Limits are the broker's and are checked there: {@link InvalidRequestException} names the field. {@code toString} names the action
 * only: the context may hold what doesn't belong in a log.
 */
public final class ApprovalRequest {
    private final String action;
    private final String summary;
    private final @Nullable String reason;
    private final String contextJson;
    private final @Nullable String dedupKey;
    private final @Nullable Duration expiresIn;
    private final @Nullable Duration validFor;
    private final @Nullable String requestedBy;
    private final @Nullable Double riskScore;
    private final @Nullable String callbackUrl;
    private final @Nullable TestDecision test;
    private final List<String> editable;
    private final int approvalsRequired;
    private final List<String> groups;
    private final Map<String, Integer> approvalsPerGroup;

    private ApprovalRequest(Builder builder) {
        action = builder.action;
        summary = builder.summary == null ? "Run " + builder.action : builder.summary;
        reason = builder.reason;
        contextJson = builder.contextJson;
        dedupKey = builder.dedupKey;
        expiresIn = builder.expiresIn;
        validFor = builder.validFor;
        requestedBy = builder.requestedBy;
        riskScore = builder.riskScore;
        callbackUrl = builder.callbackUrl;
        test = builder.test;
        editable = builder.editable;
        approvalsRequired = builder.approvalsRequired;
        groups = builder.groups;
        approvalsPerGroup = builder.approvalsPerGroup;
    }

    /**
     * Starts a request.
     *
     * @param action the stable key of what will be done, 1 to 200 characters, such as {@code payments.refund}.
     */
    public static Builder builder(String action) {
        return new Builder(requireNonNull(action, "action"));
    }

    /** The stable key of what will be done. */
    public String action() {
        return action;
    }

    /** The line the human reads. */
    public String summary() {
        return summary;
    }

    /** Why it should be done. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** Everything needed to decide, which is also the action's parameters: a JSON object. */
    public String contextJson() {
        return contextJson;
    }

    /** The caller's own id for the question; a random one is sent where there is none. */
    public Optional<String> dedupKey() {
        return Optional.ofNullable(dedupKey);
    }

    /** How long people may take. */
    public Optional<Duration> expiresIn() {
        return Optional.ofNullable(expiresIn);
    }

    /** How long after the approval it may run. */
    public Optional<Duration> validFor() {
        return Optional.ofNullable(validFor);
    }

    /** On whose behalf it is asked. */
    public Optional<String> requestedBy() {
        return Optional.ofNullable(requestedBy);
    }

    /** From 0 to 1, as the caller judges it. */
    public OptionalDouble riskScore() {
        return riskScore == null ? OptionalDouble.empty() : OptionalDouble.of(riskScore);
    }

    /** Where the decision is sent as a webhook. */
    public Optional<String> callbackUrl() {
        return Optional.ofNullable(callbackUrl);
    }

    /** Who answers in a test. */
    public Optional<TestDecision> test() {
        return Optional.ofNullable(test);
    }

    /** Which fields of the context an approver may change. */
    public List<String> editable() {
        return editable;
    }

    /** How many distinct people must approve in all. */
    public int approvalsRequired() {
        return approvalsRequired;
    }

    /** Whose members may answer; empty where every approver may. */
    public List<String> groups() {
        return groups;
    }

    /** How many of each of these groups must approve. */
    public Map<String, Integer> approvalsPerGroup() {
        return approvalsPerGroup;
    }

    /** For logs: never a key, a token or a context. */
    @Override
    public String toString() {
        return "ApprovalRequest(" + action + ")";
    }

    /** Puts a request together; only the action is required. Not for use by several threads at once. */
    public static final class Builder {
        private final String action;
        private @Nullable String summary;
        private @Nullable String reason;
        private String contextJson = "{}";
        private @Nullable String dedupKey;
        private @Nullable Duration expiresIn;
        private @Nullable Duration validFor;
        private @Nullable String requestedBy;
        private @Nullable Double riskScore;
        private @Nullable String callbackUrl;
        private @Nullable TestDecision test;
        private List<String> editable = List.of();
        private int approvalsRequired = 1;
        private List<String> groups = List.of();
        private Map<String, Integer> approvalsPerGroup = Map.of();

        private Builder(String action) {
            this.action = action;
        }

        /** The line the human reads, 1 to 500 characters; "Run" and the action where not given. */
        public Builder summary(String summary) {
            this.summary = requireNonNull(summary, "summary");
            return this;
        }

        /** Why it should be done, to 4,000 characters. */
        public Builder reason(String reason) {
            this.reason = requireNonNull(reason, "reason");
            return this;
        }

        /**
         * Everything needed to decide, which is also the action's parameters: to 64 KiB, 32 levels deep. Takes the place of what was given
         * before.
         *
         * <p>Values may be {@code null}, text, numbers, booleans, enums, {@link Optional}, records, {@link java.util.Collection}s, maps
         * with text keys, {@link java.util.UUID}, {@link java.net.URI}, and of {@code java.time} Instant, LocalDate, LocalDateTime,
         * OffsetDateTime, ZonedDateTime and Duration. Numbers are written exactly.
         *
         * @throws InvalidRequestException naming the field, where a value is of another class, or no number that JSON has.
         */
        public Builder context(Map<String, ?> context) {
            contextJson = ContextJson.write(requireNonNull(context, "context"));
            return this;
        }

        /** The same from a record's components, by their names. Those that are {@code null} or empty are shown as {@code null}. */
        public Builder context(Record context) {
            contextJson = ContextJson.write(requireNonNull(context, "context"));
            return this;
        }

        /**
         * The same from JSON text.
         *
         * @throws InvalidRequestException where it is no JSON object by RFC 8259, or names a field twice.
         */
        public Builder contextJson(String json) {
            contextJson = ContextJson.strict(requireNonNull(json, "json"));
            return this;
        }

        /**
         * The caller's own id for the question, to 255 characters: the same call again, after a crash or from another process, finds the
         * same approval. Store it, or derive it from what is stored, before asking. Random where not given.
         */
        public Builder dedupKey(String dedupKey) {
            this.dedupKey = requireNonNull(dedupKey, "dedupKey");
            return this;
        }

        /** How long people may take, 10 s to 30 days; the broker's default is a day. Then silence is a no. */
        public Builder expiresIn(Duration expiresIn) {
            this.expiresIn = requireNonNull(expiresIn, "expiresIn");
            return this;
        }

        /** How long after the approval it may run, 60 s to 30 days; the broker's default is a day. */
        public Builder validFor(Duration validFor) {
            this.validFor = requireNonNull(validFor, "validFor");
            return this;
        }

        /** On which person's or agent's behalf, to 200 characters. */
        public Builder requestedBy(String requestedBy) {
            this.requestedBy = requireNonNull(requestedBy, "requestedBy");
            return this;
        }

        /**
         * From 0 to 1, as the caller judges it.
         *
         * @throws InvalidRequestException where it is outside.
         */
        public Builder riskScore(double riskScore) {
            if (!(riskScore >= 0 && riskScore <= 1)) {
                throw new InvalidRequestException(
                        "risk_score must be from 0 to 1", Map.of("risk_score", "must be from 0 to 1"), null);
            }
            this.riskScore = riskScore;
            return this;
        }

        /** Where the decision is sent as a webhook, beside the requester's endpoints: an https address, to 2,048 characters. */
        public Builder callbackUrl(String callbackUrl) {
            this.callbackUrl = requireNonNull(callbackUrl, "callbackUrl");
            return this;
        }

        /** Who answers in place of a person; for test keys alone. */
        public Builder test(TestDecision test) {
            this.test = requireNonNull(test, "test");
            return this;
        }

        /**
         * Which top-level fields of the context an approver may change before approving, to 50. What runs gets the context as approved; a
         * broker that tells of any other change is refused.
         */
        public Builder editable(String... fields) {
            editable = List.of(fields);
            return this;
        }

        /** How many distinct people must approve in all, 1 to 10; one where not given. One no ends it. */
        public Builder approvalsRequired(int approvalsRequired) {
            this.approvalsRequired = approvalsRequired;
            return this;
        }

        /** Whose members may answer, to 10 groups; every approver where not given. */
        public Builder groups(String... groups) {
            this.groups = List.of(groups);
            return this;
        }

        /** How many of each of these groups must approve, 1 to 10 in all; nobody counts for two groups. */
        public Builder approvalsPerGroup(Map<String, Integer> approvalsPerGroup) {
            this.approvalsPerGroup = Collections.unmodifiableMap(new LinkedHashMap<>(approvalsPerGroup));
            return this;
        }

        /** The request. Nothing is asked yet. */
        public ApprovalRequest build() {
            return new ApprovalRequest(this);
        }
    }
}
