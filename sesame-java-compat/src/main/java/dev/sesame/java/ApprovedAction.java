package dev.sesame.java;

/**
 * What runs on a yes, at most once, and gives nothing.
 *
 * @param <E> the checked exception that it may throw; where it throws none, the compiler fills in {@link RuntimeException}.
 */
@FunctionalInterface
public interface ApprovedAction<E extends Exception> {
    /** Does what was approved: with the context of {@code approval}, not with variables around it, which nobody approved. */
    void run(Approval approval) throws E;
}
