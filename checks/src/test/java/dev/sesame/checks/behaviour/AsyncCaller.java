package dev.sesame.checks.behaviour;

import static dev.sesame.checks.behaviour.JavaWords.filter;
import static dev.sesame.checks.behaviour.JavaWords.options;
import static dev.sesame.checks.behaviour.JavaWords.request;
import static dev.sesame.checks.behaviour.JavaWords.seen;

import dev.sesame.java.AsyncSesame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** The view with futures; who leaves cancels the future, also where it is one derived from the view's own. */
final class AsyncCaller implements Caller {
    private final AsyncSesame sesame;

    AsyncCaller(String url, String key) {
        sesame = AsyncSesame.builder()
                .brokerUrl(url)
                .apiKey(key)
                .retryFor(Duration.ZERO)
                .build();
    }

    @Override
    public String approve(Ask ask, How how, Function<Seen, String> block) throws Exception {
        return got(sesame.approve(request(ask), options(how), approval -> block.apply(seen(approval))));
    }

    @Override
    public String trigger(Ask ask) throws Exception {
        return got(sesame.trigger(request(ask)).thenApply(pending -> pending.id()));
    }

    @Override
    public Seen await(String id, Duration timeout) throws Exception {
        return got(sesame.attach(id)
                .thenCompose(pending -> timeout == null ? pending.await() : pending.await(timeout))
                .thenApply(JavaWords::seen));
    }

    @Override
    public Seen poll(String id, Duration timeout) throws Exception {
        return got(
                sesame.attach(id).thenCompose(pending -> pending.poll(timeout)).thenApply(JavaWords::seen));
    }

    @Override
    public String run(String id, How how, Function<Seen, String> block) throws Exception {
        return got(sesame.attach(id)
                .thenCompose(pending -> pending.run(options(how), approval -> block.apply(seen(approval)))));
    }

    @Override
    public Optional<Seen> find(String id) throws Exception {
        return got(sesame.find(id)).map(JavaWords::seen);
    }

    @Override
    public Seen cancel(String id) throws Exception {
        return seen(got(sesame.cancel(id)));
    }

    @Override
    public List<Seen> list(String status, String action) throws Exception {
        return got(sesame.list(filter(status, action))).approvals().stream()
                .map(JavaWords::seen)
                .toList();
    }

    @Override
    public void close() {
        sesame.close();
    }

    private static <T> T got(CompletableFuture<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException problem) {
            if (problem.getCause() instanceof Exception cause) throw cause;
            throw problem;
        } catch (InterruptedException leaving) {
            future.cancel(true);
            throw leaving;
        }
    }
}
