package dev.sesame.java;

import static java.util.Objects.requireNonNull;

import dev.sesame.ApprovalStatus;
import dev.sesame.InvalidRequestException;
import dev.sesame.java.internal.SharedClient;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is registered for which decision; see {@link DecisionHandlers}. Two handlers for one thing are refused with {@link
 * InvalidRequestException}: only one could run. Not for use by several threads at once.
 */
public final class DecisionHandlersBuilder {
    final Map<String, RegisteredHandler> approved = new HashMap<>();
    final Set<String> ignored = new HashSet<>();
    final Map<ApprovalStatus, DecisionHandler> ended = new HashMap<>();

    @Nullable
    RegisteredHandler otherwise;

    boolean atLeastOnce;
    private final SharedClient client;

    DecisionHandlersBuilder(SharedClient client) {
        this.client = client;
    }

    /** {@code handler} runs when {@code action} was approved, at most once, with the effective context in its event. */
    public DecisionHandlersBuilder on(String action, DecisionHandler handler) {
        return on(action, problem -> false, handler);
    }

    /** The same; after an exception that is {@code safeToRetry} the handler did nothing, so that the next delivery runs it again. */
    public DecisionHandlersBuilder on(
            String action, Predicate<? super Throwable> safeToRetry, DecisionHandler handler) {
        if (approved.putIfAbsent(requireNonNull(action, "action"), registered(safeToRetry, handler)) != null
                || ignored.contains(action)) {
            throw twice("the action " + action);
        }
        return this;
    }

    /**
     * Approvals of {@code actions} are acknowledged without being claimed or run: somebody else runs them. An endpoint gets all decisions of
     * its requester, those that an {@code approve} waits for among them.
     */
    public DecisionHandlersBuilder ignore(String... actions) {
        for (String action : actions) {
            if (!ignored.add(requireNonNull(action, "action")) || approved.containsKey(action)) {
                throw twice("the action " + action);
            }
        }
        return this;
    }

    /**
     * {@code handler} runs when an action was approved that has none of its own; without it that is an {@link
     * dev.sesame.UnhandledActionException}. Claims as {@link #on(String, DecisionHandler)} does.
     */
    public DecisionHandlersBuilder otherwise(DecisionHandler handler) {
        return otherwise(problem -> false, handler);
    }

    /** The same; after an exception that is {@code safeToRetry} the handler did nothing, so that the next delivery runs it again. */
    public DecisionHandlersBuilder otherwise(Predicate<? super Throwable> safeToRetry, DecisionHandler handler) {
        if (otherwise != null) throw twice("otherwise");
        otherwise = registered(safeToRetry, handler);
        return this;
    }

    /** {@code handler} hears that somebody said no, whatever the action; maybe more than once. */
    public DecisionHandlersBuilder onDenied(DecisionHandler handler) {
        return onEnd(ApprovalStatus.DENIED, handler);
    }

    /** {@code handler} hears that nobody answered in time, whatever the action; maybe more than once. */
    public DecisionHandlersBuilder onExpired(DecisionHandler handler) {
        return onEnd(ApprovalStatus.EXPIRED, handler);
    }

    /** {@code handler} hears that the question was taken back, whatever the action; maybe more than once. */
    public DecisionHandlersBuilder onCancelled(DecisionHandler handler) {
        return onEnd(ApprovalStatus.CANCELLED, handler);
    }

    /**
     * A handler whose earlier run ended without a word (a crash, an exception) runs again when the webhook comes again, and it runs with a
     * broker that hands out no claims: maybe more than once, then. Only for handlers that do nothing worse the second time.
     */
    public DecisionHandlersBuilder atLeastOnce() {
        atLeastOnce = true;
        return this;
    }

    /** The handlers; what is registered here later changes nothing in them. */
    public DecisionHandlers build() {
        return new DecisionHandlers(client, this);
    }

    /** For logs. */
    @Override
    public String toString() {
        return "DecisionHandlersBuilder(" + approved.size() + " actions)";
    }

    private DecisionHandlersBuilder onEnd(ApprovalStatus status, DecisionHandler handler) {
        if (ended.putIfAbsent(status, requireNonNull(handler, "handler")) != null) throw twice(status.getValue());
        return this;
    }

    private static RegisteredHandler registered(Predicate<? super Throwable> safeToRetry, DecisionHandler handler) {
        return new RegisteredHandler(requireNonNull(handler, "handler"), requireNonNull(safeToRetry, "safeToRetry"));
    }

    private static InvalidRequestException twice(String what) {
        return new InvalidRequestException("two handlers for " + what + ": only one could run", Map.of(), null);
    }
}
