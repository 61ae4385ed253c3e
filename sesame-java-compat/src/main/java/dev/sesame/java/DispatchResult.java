package dev.sesame.java;

/** What {@link DecisionHandlers#dispatch} did with an event. */
public final class DispatchResult {
    static final DispatchResult RAN = new DispatchResult("ran");
    static final DispatchResult DONE_BEFORE = new DispatchResult("done before");
    static final DispatchResult UNDER_WAY = new DispatchResult("under way elsewhere");
    static final DispatchResult NOT_REGISTERED = new DispatchResult("nothing to run for it here");
    private final String name;

    private DispatchResult(String name) {
        this.name = name;
    }

    /** Whether a handler ran to its end, here and now. */
    public boolean hasRun() {
        return this == RAN;
    }

    /** Whether nothing ran because it was done before, or is being done by another call now: a repeat of some kind. */
    public boolean isRepeat() {
        return this == DONE_BEFORE || this == UNDER_WAY;
    }

    /**
     * Whether the webhook may be answered with a 2xx. Not while another call runs the handler: that run may yet turn out to have done nothing,
     * so answer with a 503 and let the webhook come again.
     */
    public boolean mayAcknowledge() {
        return this != UNDER_WAY;
    }

    /** In words, for logs. */
    @Override
    public String toString() {
        return name;
    }
}
