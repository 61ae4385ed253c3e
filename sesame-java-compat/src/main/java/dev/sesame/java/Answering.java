package dev.sesame.java;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A yes or a no on its way. */
@FunctionalInterface
interface Answering {
    CompletableFuture<dev.sesame.Approval> of(String id, @Nullable String note);
}
