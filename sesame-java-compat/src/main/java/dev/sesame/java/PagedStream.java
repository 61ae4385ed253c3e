package dev.sesame.java;

import dev.sesame.internal.JavaPage;
import dev.sesame.java.internal.Caller;
import dev.sesame.java.internal.Pages;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A list, of which a page is fetched when its first entry is asked for. */
final class PagedStream extends AbstractSpliterator<Approval> {
    private final Pages pages;
    private Iterator<dev.sesame.Approval> left = List.<dev.sesame.Approval>of().iterator();
    private @Nullable String cursor;
    private boolean isLast;

    private PagedStream(Pages pages) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.pages = pages;
    }

    static Stream<Approval> of(Pages pages) {
        return StreamSupport.stream(new PagedStream(pages), false);
    }

    @Override
    public boolean tryAdvance(Consumer<? super Approval> action) {
        while (!left.hasNext()) {
            if (isLast) return false;
            JavaPage page = next();
            left = page.getApprovals().iterator();
            cursor = page.getNextCursor();
            isLast = cursor == null;
        }
        action.accept(new Approval(left.next()));
        return true;
    }

    private JavaPage next() {
        try {
            return Caller.await(() -> pages.from(cursor));
        } catch (InterruptedException interruption) { // a stream can't throw it
            Thread.currentThread().interrupt();
            CancellationException left = new CancellationException("interrupted while a page of approvals was read");
            left.initCause(interruption);
            throw left;
        }
    }
}
