package dev.sesame.java;

import org.jspecify.annotations.Nullable;

/**
 * What runs on a yes, at most once, and gives a value.
 *
 * @param <T> what it gives.
 * @param <E> the checked exception that it may throw; where it throws none, the compiler fills in {@link RuntimeException}.
 */
@FunctionalInterface
public interface ApprovedBlock<T extends @Nullable Object, E extends Exception> {
    /** Does what was approved: with the context of {@code approval}, not with variables around it, which nobody approved. */
    T run(Approval approval) throws E;
}
