package dev.sesame.checks.behaviour;

import static dev.sesame.checks.behaviour.JavaWords.filter;
import static dev.sesame.checks.behaviour.JavaWords.options;
import static dev.sesame.checks.behaviour.JavaWords.request;
import static dev.sesame.checks.behaviour.JavaWords.seen;

import dev.sesame.java.BlockingSesame;
import dev.sesame.java.PendingApproval;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The blocking view, on the thread that calls. */
final class BlockingCaller implements Caller {
    private final BlockingSesame sesame;

    BlockingCaller(String url, String key) {
        sesame = BlockingSesame.builder()
                .brokerUrl(url)
                .apiKey(key)
                .retryFor(Duration.ZERO)
                .build();
    }

    @Override
    public String approve(Ask ask, How how, Function<Seen, String> block) throws Exception {
        return sesame.approve(request(ask), options(how), approval -> block.apply(seen(approval)));
    }

    @Override
    public String trigger(Ask ask) throws Exception {
        return sesame.trigger(request(ask)).id();
    }

    @Override
    public Seen await(String id, Duration timeout) throws Exception {
        PendingApproval pending = sesame.attach(id);
        return seen(timeout == null ? pending.await() : pending.await(timeout));
    }

    @Override
    public Seen poll(String id, Duration timeout) throws Exception {
        return seen(sesame.attach(id).poll(timeout));
    }

    @Override
    public String run(String id, How how, Function<Seen, String> block) throws Exception {
        return sesame.attach(id).run(options(how), approval -> block.apply(seen(approval)));
    }

    @Override
    public Optional<Seen> find(String id) throws Exception {
        return sesame.find(id).map(JavaWords::seen);
    }

    @Override
    public Seen cancel(String id) throws Exception {
        return seen(sesame.cancel(id));
    }

    @Override
    public List<Seen> list(String status, String action) {
        return sesame.list(filter(status, action)).map(JavaWords::seen).toList();
    }

    @Override
    public void close() {
        sesame.close();
    }
}
