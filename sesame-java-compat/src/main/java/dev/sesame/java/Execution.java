package dev.sesame.java;

import dev.sesame.ExecutionState;
import java.time.Instant;
import java.util.Optional;

/** What became of the approved action's run. */
public final class Execution {
    private final dev.sesame.Execution execution;

    Execution(dev.sesame.Execution execution) {
        this.execution = execution;
    }

    /** How far it got. */
    public ExecutionState state() {
        return execution.getState();
    }

    /** When the right to run it was taken. */
    public Instant claimedAt() {
        return execution.getClaimedAt();
    }

    /** When the run ended, or its lease lapsed. */
    public Optional<Instant> endedAt() {
        return Optional.ofNullable(execution.getEndedAt());
    }

    /** What the run, or the admin who settled it, said about it. */
    public Optional<String> detail() {
        return Optional.ofNullable(execution.getDetail());
    }

    /** For logs: never a key, a token or a context. */
    @Override
    public String toString() {
        return execution.toString();
    }
}
