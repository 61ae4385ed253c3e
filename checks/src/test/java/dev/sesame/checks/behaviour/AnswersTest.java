package dev.sesame.checks.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sesame.ApprovalDeniedException;
import dev.sesame.ApprovalExpiredException;
import dev.sesame.ApprovalTimeoutException;
import dev.sesame.ApprovalWithdrawnException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What each answer of people means to whoever asked. */
@ParameterizedClass
@EnumSource(World.class)
class AnswersTest {
    /** Long enough that the question is asked before, however busy the machine. */
    private static final Duration SOON = Duration.ofSeconds(3);

    private final Asking asking;

    AnswersTest(World world) {
        asking = new Asking(world);
    }

    @Test
    void aYesRunsTheBlockWithWhatWasApprovedAndReturnsWhatItReturned() throws Exception {
        try (asking) {
            var waiting = asking.approve(approved -> "paid " + approved.effectiveContext());
            asking.people().approve(asking.pending());
            assertThat(waiting.get()).isEqualTo("paid {\"cents\":4200}");
        }
    }

    @Test
    void numbersAreApprovedAsTheyWereWritten() throws Exception {
        try (asking) {
            String exact = "{\"cents\":9007199254740991,\"rate\":0.1,\"list\":[1,2.5,null],\"text\":\"ä\\\"\\n\"}";
            var waiting = asking.approve(Ask.of(asking.action()).context(exact), How.PLAIN, Seen::effectiveContext);
            asking.people().approve(asking.pending());
            assertThat(waiting.get()).isEqualTo(exact);
        }
    }

    @Test
    void aNoRunsNothingAndTellsWhoSaidItAndWhy() throws Exception {
        try (asking) {
            var waiting = asking.approve(approved -> asking.never());
            asking.people().deny(asking.pending(), "too much");
            var denied = catchThrowableOfType(ApprovalDeniedException.class, waiting::get);
            assertThat(denied).isNotInstanceOf(ApprovalExpiredException.class).hasMessageContaining("too much");
            assertThat(denied.getNote()).isEqualTo("too much");
            assertThat(denied.getDecidedBy()).isNotBlank();
            assertThat(denied.getApprovalId()).startsWith("ap_");
        }
    }

    @Test
    void aQuestionThatIsTakenBackRunsNothing() throws Exception {
        try (asking) {
            var waiting = asking.approve(approved -> asking.never());
            asking.caller().cancel(asking.pending());
            assertThatThrownBy(waiting::get).isInstanceOf(ApprovalWithdrawnException.class);
        }
    }

    @Test
    void theOwnTimeoutEndsTheWaitAndKeepsTheQuestion() throws Exception {
        try (asking) {
            var waiting = asking.approve(Ask.of(asking.action()), How.PLAIN.timeout(SOON), approved -> asking.never());
            var late = catchThrowableOfType(ApprovalTimeoutException.class, waiting::get);
            assertThat(late.getTimeout()).isEqualTo(SOON);
            asking.people().approve(late.getApprovalId());
            assertThat(asking.caller().run(late.getApprovalId(), How.PLAIN, approved -> "paid later"))
                    .isEqualTo("paid later");
        }
    }

    @Test
    void awaitReturnsANoAsAValue() throws Exception {
        try (asking) {
            String id = asking.caller().trigger(Ask.of(asking.action()));
            asking.people().deny(id, "no");
            Seen decided = asking.caller().await(id, null);
            assertThat(decided.status()).isEqualTo("denied");
            assertThat(decided.note()).contains("no");
        }
    }

    @Test
    void pollTellsHowItStandsAndNeverTimesOut() throws Exception {
        try (asking) {
            String id = asking.caller().trigger(Ask.of(asking.action()));
            assertThat(asking.caller().poll(id, Duration.ZERO).status()).isEqualTo("pending");
            assertThat(asking.caller().poll(id, Duration.ofMillis(300)).status())
                    .isEqualTo("pending");
            asking.people().approve(id);
            assertThat(asking.caller().poll(id, Duration.ofSeconds(20)).status())
                    .isEqualTo("approved");
        }
    }
}
