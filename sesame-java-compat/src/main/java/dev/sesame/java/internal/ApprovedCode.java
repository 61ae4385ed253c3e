package dev.sesame.java.internal;

import dev.sesame.Approval;
import org.jspecify.annotations.Nullable;

/** A caller's code that runs on a yes. */
@FunctionalInterface
public interface ApprovedCode<T extends @Nullable Object, E extends Exception> {
    T run(Approval approval) throws E;
}
