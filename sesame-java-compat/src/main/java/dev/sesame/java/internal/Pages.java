package dev.sesame.java.internal;

import dev.sesame.internal.JavaPage;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Fetches a page of a list. */
@FunctionalInterface
public interface Pages {
    /** The page that begins at {@code cursor}; the first one where that is {@code null}. */
    CompletableFuture<JavaPage> from(@Nullable String cursor);
}
