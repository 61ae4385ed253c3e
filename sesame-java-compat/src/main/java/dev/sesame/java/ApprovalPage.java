package dev.sesame.java;

import dev.sesame.internal.JavaPage;
import dev.sesame.java.internal.Pages;
import dev.sesame.java.internal.StepFuture;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Up to 100 approvals of a list. */
public final class ApprovalPage {
    private final Executor executor;
    private final Pages pages;
    private final List<Approval> approvals;
    private final @Nullable String nextCursor;

    private ApprovalPage(Executor executor, Pages pages, JavaPage page) {
        this.executor = executor;
        this.pages = pages;
        approvals = page.getApprovals().stream().map(Approval::new).toList();
        nextCursor = page.getNextCursor();
    }

    static CompletableFuture<ApprovalPage> first(Executor executor, Pages pages) {
        return from(executor, pages, null);
    }

    private static CompletableFuture<ApprovalPage> from(Executor executor, Pages pages, @Nullable String cursor) {
        return StepFuture.of(executor, pages.from(cursor), page -> new ApprovalPage(executor, pages, page));
    }

    /** What is on it, newest first. */
    public List<Approval> approvals() {
        return approvals;
    }

    /** Whether there is more. */
    public boolean hasNext() {
        return nextCursor != null;
    }

    /** Reads the next page; {@link NoSuchElementException} where this is the last, see {@link #hasNext()}. */
    public CompletableFuture<ApprovalPage> next() {
        if (nextCursor == null) throw new NoSuchElementException("this is the last page");
        return from(executor, pages, nextCursor);
    }

    /** For logs. */
    @Override
    public String toString() {
        return "ApprovalPage(" + approvals.size() + " approvals" + (hasNext() ? ", more)" : ")");
    }
}
