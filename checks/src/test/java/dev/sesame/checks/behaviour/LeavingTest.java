package dev.sesame.checks.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.SesameClosedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever leaves ends the wait, not the question; and nothing runs behind their back. */
@ParameterizedClass
@EnumSource(World.class)
class LeavingTest {
    private final Asking asking;

    LeavingTest(World world) {
        asking = new Asking(world);
    }

    @Test
    void whoLeavesRunsNothingEvenIfAYesComesLater() throws Exception {
        try (asking) {
            var waiting = asking.approve(approved -> asking.never());
            String id = asking.pending();
            waiting.leave();
            assertThat(waiting.hasLeft()).isTrue();
            asking.people().approve(id);
            assertThat(asking.caller().run(id, How.PLAIN, approved -> "run by somebody else"))
                    .isEqualTo("run by somebody else");
        }
    }

    @Test
    void closingTheClientEndsItsWaits() throws Exception {
        try (asking) {
            var waiting = asking.approve(approved -> asking.never());
            String id = asking.pending();
            asking.caller().close();
            assertThatThrownBy(waiting::get).isInstanceOf(SesameClosedException.class);
            assertThatThrownBy(() -> asking.caller().find(id)).isInstanceOf(SesameClosedException.class);
        }
    }
}
