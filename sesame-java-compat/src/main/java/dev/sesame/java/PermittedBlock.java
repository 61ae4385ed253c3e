package dev.sesame.java;

import org.jspecify.annotations.Nullable;

/**
 * What runs where the policy permits it without asking anybody.
 *
 * @param <T> what it gives.
 * @param <E> the checked exception that it may throw; where it throws none, the compiler fills in {@link RuntimeException}.
 */
@FunctionalInterface
public interface PermittedBlock<T extends @Nullable Object, E extends Exception> {
    /** Does what the policy was asked about, with the very values that it was asked with. */
    T run() throws E;
}
