package dev.sesame.checks.behaviour;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One view of the client. Whatever fails, fails with the client's own exception, unwrapped.
 *
 * <p>Each call blocks until the view has its answer; an interrupt is how a caller leaves, and each view turns it into its own way of leaving.
 */
interface Caller extends AutoCloseable {
    /** Asks, waits and runs the block with what was approved; returns what the block returned. */
    String approve(Ask ask, How how, Function<Seen, String> block) throws Exception;

    /** Asks, and returns the id. */
    String trigger(Ask ask) throws Exception;

    Seen await(String id, Duration timeout) throws Exception;

    Seen poll(String id, Duration timeout) throws Exception;

    String run(String id, How how, Function<Seen, String> block) throws Exception;

    Optional<Seen> find(String id) throws Exception;

    Seen cancel(String id) throws Exception;

    /** All of that action in that status, newest first. */
    List<Seen> list(String status, String action) throws Exception;

    @Override
    void close();
}
