package dev.sesame.java;

import static java.util.Objects.requireNonNull;

import dev.sesame.java.internal.ApprovedCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Callers' blocks as what runs on a yes; one that is missing is noticed before anything is asked. */
final class Blocks {
    private Blocks() {}

    static <T extends @Nullable Object, E extends Exception> ApprovedCode<T, E> of(ApprovedBlock<T, E> block) {
        requireNonNull(block, "block");
        return approval -> block.run(new Approval(approval));
    }

    static <E extends Exception> ApprovedCode<@Nullable Void, E> ofAction(ApprovedAction<E> block) {
        requireNonNull(block, "block");
        return approval -> {
            block.run(new Approval(approval));
            return null;
        };
    }

    /** The stage of a block that was through when it returned. */
    static <T extends @Nullable Object, E extends Exception> ApprovedCode<CompletionStage<T>, E> staged(
            ApprovedCode<T, E> code) {
        return approval -> CompletableFuture.completedFuture(code.run(approval));
    }
}
