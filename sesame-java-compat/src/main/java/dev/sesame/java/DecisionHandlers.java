package dev.sesame.java;

import static java.util.Objects.requireNonNull;

import dev.sesame.AlreadyClaimedException;
import dev.sesame.AlreadyExecutedException;
import dev.sesame.ApprovalStatus;
import dev.sesame.InvalidRequestException;
import dev.sesame.UnhandledActionException;
import dev.sesame.internal.JavaRun;
import dev.sesame.internal.Recent;
import dev.sesame.java.internal.Caller;
import dev.sesame.java.internal.SharedClient;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What to do when a decision arrives by webhook: the other half of {@link BlockingSesame#trigger} with a callback URL. Nobody waits meanwhile,
 * and the process that asked may be gone.
 *
 * <pre>{@code
 * DecisionHandlers handlers = DecisionHandlers.builder(sesame)
 *         .on("payments.refund", event -> refunds.pay(event.contextAs(Refund.class)))
 *         .onDenied(event -> tell(event.requesterLabel(), event.note()))
 *         .build();
 * handlers.dispatch(verifier.verify(body, headers));
 * }</pre>
 *
 * <p>Webhooks come at least once; a handler runs at most once, over all deliveries and processes, because {@link #dispatch} claims the approval
 * with the broker first and reports afterwards, as {@code approve} does. Thread-safe.
 */
public final class DecisionHandlers {
    private final SharedClient client;
    private final Map<String, RegisteredHandler> approved;
    private final Set<String> ignored;
    private final Map<ApprovalStatus, DecisionHandler> ended;
    private final @Nullable RegisteredHandler otherwise;
    private final boolean atLeastOnce;
    private final Recent done = new Recent();

    DecisionHandlers(SharedClient client, DecisionHandlersBuilder builder) {
        this.client = client;
        approved = Map.copyOf(builder.approved);
        ignored = Set.copyOf(builder.ignored);
        ended = Map.copyOf(builder.ended);
        otherwise = builder.otherwise;
        atLeastOnce = builder.atLeastOnce;
    }

    /** Starts handlers whose approvals are claimed and reported by way of {@code sesame}. */
    public static DecisionHandlersBuilder builder(BlockingSesame sesame) {
        return new DecisionHandlersBuilder(requireNonNull(sesame, "sesame").client);
    }

    /** The actions that have a handler of their own. */
    public Set<String> actions() {
        return approved.keySet();
    }

    /**
     * Runs the handler for {@code event}.
     *
     * <p>Approved: the broker is asked first. Where it doesn't say that this very action and context are approved, nothing runs ({@link
     * dev.sesame.ProtocolException}). Then the handler of the action runs under a claim, on the caller's own thread. Run before, or elsewhere
     * at this moment: nothing runs, and the result says so. Denied, expired, cancelled: the handler for that, if there is one; these claim
     * nothing and may run again when the webhook comes again.
     *
     * <p>Any exception means that the webhook should come again: answer it with a 500.
     *
     * @throws UnhandledActionException the approved action has no handler and isn't ignored; nothing was claimed.
     * @throws dev.sesame.ExecutionUnknownException an earlier run ended without a word; see {@link DecisionHandlersBuilder#atLeastOnce}.
     * @throws dev.sesame.SesameException any other failure before the handler; each says what to do next.
     * @throws InterruptedException the thread was interrupted before the handler started: it won't, and a claim is given back.
     * @throws Exception what the handler throws, unchanged; it leaves the outcome unknown unless it was registered as safe to retry.
     */
    public DispatchResult dispatch(WebhookEvent event) throws Exception {
        if (!event.isVerified()) {
            throw new InvalidRequestException(
                    event.approvalId() + ": only what a WebhookVerifier has verified is dispatched", Map.of(), null);
        }
        String delivery = event.webhookId()
                .map(id -> id + " " + event.type() + " " + event.approvalId())
                .orElse(null);
        if (delivery != null && done.contains(delivery)) return DispatchResult.DONE_BEFORE;
        DispatchResult result = event.status().equals(ApprovalStatus.APPROVED) ? runApproved(event) : tell(event);
        if (delivery != null && result.mayAcknowledge()) done.add(delivery);
        return result;
    }

    private DispatchResult tell(WebhookEvent event) throws Exception {
        DecisionHandler handler = ended.get(event.status());
        if (handler == null) return DispatchResult.NOT_REGISTERED;
        handler.handle(event);
        return DispatchResult.RAN;
    }

    private DispatchResult runApproved(WebhookEvent event) throws Exception {
        if (ignored.contains(event.action())) return DispatchResult.NOT_REGISTERED;
        RegisteredHandler own = approved.get(event.action());
        RegisteredHandler handler = own == null ? otherwise : own;
        if (handler == null) throw new UnhandledActionException(event.action(), actions());
        JavaRun run;
        try {
            run = Caller.claim(() -> client.claim(event.event(), atLeastOnce));
        } catch (AlreadyExecutedException before) {
            return DispatchResult.DONE_BEFORE;
        } catch (AlreadyClaimedException now) {
            return DispatchResult.UNDER_WAY;
        }
        WebhookEvent whole = new WebhookEvent(run.whole(event.event()));
        Caller.<@Nullable Void, Exception>run(run, handler.safeToRetry(), approval -> {
            handler.handler().handle(whole);
            return null;
        });
        return DispatchResult.RAN;
    }

    /** For logs: never a key, a token or a context. */
    @Override
    public String toString() {
        return "DecisionHandlers(" + String.join(", ", new TreeSet<>(actions())) + ")";
    }
}
