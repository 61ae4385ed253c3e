package dev.sesame.checks.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.AlreadyClaimedException;
import dev.sesame.AlreadyExecutedException;
import dev.sesame.DedupConflictException;
import dev.sesame.ExecutionUnknownException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** At most once; where that can't be known, it is said. */
@ParameterizedClass
@EnumSource(World.class)
class OnceTest {
    private final Asking asking;
    private final Ask keyed;

    OnceTest(World world) {
        asking = new Asking(world);
        keyed = Ask.of(asking.action()).dedupKey(asking.action() + " 882");
    }

    @Test
    void theSameCallAgainFindsThatItWasDone() throws Exception {
        try (asking) {
            approved(keyed, How.PLAIN, seen -> "paid");
            assertThatThrownBy(() -> asking.caller().approve(keyed, How.PLAIN, seen -> asking.never()))
                    .isInstanceOf(AlreadyExecutedException.class);
        }
    }

    @Test
    void theSameKeyForAnotherQuestionIsAConflict() throws Exception {
        try (asking) {
            asking.caller().trigger(keyed);
            assertThatThrownBy(() -> asking.caller().trigger(keyed.context("{\"cents\":1}")))
                    .isInstanceOfSatisfying(
                            DedupConflictException.class,
                            problem -> assertThat(problem.getDedupKey()).isEqualTo(keyed.dedupKey()));
            assertThat(asking.people().countOf(asking.action())).isEqualTo(1);
        }
    }

    @Test
    void anExceptionOfTheBlockPassesUnchangedAndLeavesTheOutcomeUnknown() throws Exception {
        try (asking) {
            var fault = new IllegalStateException("the bank hung up");
            assertThatThrownBy(() -> approved(keyed, How.PLAIN, seen -> {
                        throw fault;
                    }))
                    .isSameAs(fault);
            assertThatThrownBy(() -> asking.caller().approve(keyed, How.PLAIN, seen -> asking.never()))
                    .isInstanceOf(ExecutionUnknownException.class);
            assertThat(asking.caller().approve(keyed, How.PLAIN.evenAfterUnknown(), seen -> "looked, then paid"))
                    .isEqualTo("looked, then paid");
        }
    }

    @Test
    void anExceptionThatMeansNothingHappenedLetsTheSameCallRunAgain() throws Exception {
        try (asking) {
            How careful = How.PLAIN.safeToRetry(problem -> problem instanceof IllegalStateException);
            assertThatThrownBy(() -> approved(keyed, careful, seen -> {
                        throw new IllegalStateException("no connection");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(asking.caller().approve(keyed, careful, seen -> "paid")).isEqualTo("paid");
        }
    }

    @Test
    void ofTwoCallsAtOnceOneRuns() throws Exception {
        try (asking) {
            var runs = new AtomicInteger();
            var isRunning = new CountDownLatch(1);
            var mayEnd = new CountDownLatch(1);
            var calls = List.of(
                    asking.approve(keyed, How.PLAIN, seen -> slow(runs, isRunning, mayEnd)),
                    asking.approve(keyed, How.PLAIN, seen -> slow(runs, isRunning, mayEnd)));
            asking.people().approve(asking.pending());
            assertThat(isRunning.await(20, TimeUnit.SECONDS)).isTrue();
            var loser = asking.firstDone(calls);
            assertThatThrownBy(loser::get).isInstanceOf(AlreadyClaimedException.class);
            mayEnd.countDown();
            var winner = calls.get(0) == loser ? calls.get(1) : calls.get(0);
            assertThat(winner.get()).isEqualTo("paid");
            assertThat(runs).hasValue(1);
        }
    }

    private static String slow(AtomicInteger runs, CountDownLatch isRunning, CountDownLatch mayEnd) {
        runs.incrementAndGet();
        isRunning.countDown();
        try {
            assertThat(mayEnd.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException left) {
            throw new IllegalStateException(left);
        }
        return "paid";
    }

    private void approved(Ask ask, How how, java.util.function.Function<Seen, String> block) throws Exception {
        var waiting = asking.approve(ask, how, block);
        asking.people().approve(asking.pending());
        waiting.get();
    }
}
