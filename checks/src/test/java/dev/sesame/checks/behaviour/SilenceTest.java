package dev.sesame.checks.behaviour;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sesame.ApprovalExpiredException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Silence means no. A real broker's shortest silence is ten seconds long, so all worlds wait through the same one. */
class SilenceTest {
    @TestFactory
    Stream<DynamicTest> silenceIsNoConsent() {
        return Stream.of(World.values()).map(Unanswered::new).toList().stream()
                .map(one -> dynamicTest(one.asking.world().name(), one::expires));
    }

    /** A question that nobody answers, asked when this is made. */
    private static final class Unanswered {
        private final Asking asking;
        private final Asking.Waiting waiting;
        private final String id;

        Unanswered(World world) {
            asking = new Asking(world);
            waiting = asking.approve(
                    Ask.of(asking.action()).expiresIn(People.SHORTEST), How.PLAIN, approved -> asking.never());
            id = asking.pending(); // now: the time of one fake passes for all who ask it
        }

        void expires() {
            try (asking) {
                asking.people().saysNothing(id);
                assertThatThrownBy(waiting::get).isInstanceOf(ApprovalExpiredException.class);
            }
        }
    }
}
