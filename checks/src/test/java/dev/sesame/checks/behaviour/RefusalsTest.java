package dev.sesame.checks.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.AlreadyDecidedException;
import dev.sesame.ApprovalNotFoundException;
import dev.sesame.BrokerUnavailableException;
import dev.sesame.InvalidRequestException;
import dev.sesame.SesameAuthException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What can't be done is said in one way by all. */
@ParameterizedClass
@EnumSource(World.class)
class RefusalsTest {
    private static final String ABSENT = "ap_" + "a".repeat(26);
    private final Asking asking;

    RefusalsTest(World world) {
        asking = new Asking(world);
    }

    @Test
    void badInputNamesTheFieldAndAsksNothing() throws Exception {
        try (asking) {
            assertThatThrownBy(() -> asking.caller().trigger(Ask.of("x".repeat(201))))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            problem -> assertThat(problem.getFields()).containsOnlyKeys("action"));
            assertThat(asking.people().countOf("x".repeat(201))).isZero();
        }
    }

    @Test
    void anUnknownKeyIsRefusedAtOnce() throws Exception {
        try (asking;
                Caller stranger = asking.world().caller("sk_live_sh_" + "z".repeat(43))) {
            assertThatThrownBy(() -> stranger.trigger(Ask.of(asking.action())))
                    .isInstanceOfSatisfying(
                            SesameAuthException.class,
                            problem -> assertThat(problem.getCode()).isEqualTo("unauthorized"));
        }
    }

    @Test
    void aBrokerThatCannotBeReachedIsUnavailable() throws Exception {
        try (asking;
                Caller lost = asking.world().lost()) {
            assertThatThrownBy(() -> lost.approve(Ask.of(asking.action()), How.PLAIN, approved -> asking.never()))
                    .isInstanceOf(BrokerUnavailableException.class);
        }
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        try (asking) {
            assertThat(asking.caller().find(ABSENT)).isEmpty();
            assertThatThrownBy(() -> asking.caller().await(ABSENT, null)).isInstanceOf(ApprovalNotFoundException.class);
        }
    }

    @Test
    void aQuestionIsTakenBackOnceAndNotAfterTheAnswer() throws Exception {
        try (asking) {
            String id = asking.caller().trigger(Ask.of(asking.action()));
            assertThat(asking.caller().cancel(id).status()).isEqualTo("cancelled");
            assertThat(asking.caller().cancel(id).status()).isEqualTo("cancelled");
            String decided = asking.caller().trigger(Ask.of(asking.action()));
            asking.people().approve(decided);
            assertThatThrownBy(() -> asking.caller().cancel(decided))
                    .isInstanceOfSatisfying(
                            AlreadyDecidedException.class,
                            problem -> assertThat(problem.getApprovalId()).isEqualTo(decided));
        }
    }

    @Test
    void aListHoldsWhatWasAskedNewestFirst() throws Exception {
        try (asking) {
            String first = asking.caller().trigger(Ask.of(asking.action()));
            String second = asking.caller().trigger(Ask.of(asking.action()));
            String denied = asking.caller().trigger(Ask.of(asking.action()));
            asking.people().deny(denied, "no");
            List<String> pending = asking.caller().list("pending", asking.action()).stream()
                    .map(Seen::id)
                    .toList();
            assertThat(pending).containsExactlyInAnyOrder(first, second);
            assertThat(asking.caller().list("denied", asking.action()))
                    .extracting(Seen::id)
                    .containsExactly(denied);
        }
    }
}
