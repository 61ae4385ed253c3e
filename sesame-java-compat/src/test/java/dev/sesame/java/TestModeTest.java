package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.ApprovalDeniedException;
import dev.sesame.InvalidRequestException;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests of test mode bring their answer along. */
@ExtendWith(FakeBrokerExtension.class)
class TestModeTest {
    @Test
    void aTestRequestIsAnsweredAsItSays(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = test(broker)) {
            assertThat(sesame.<String, RuntimeException>approve(request(TestDecision.approve()), approval -> "paid"))
                    .isEqualTo("paid");
            assertThatThrownBy(() -> sesame.approve(request(TestDecision.deny().note("no")), approval -> "never"))
                    .isInstanceOfSatisfying(
                            ApprovalDeniedException.class,
                            denied -> assertThat(denied.getNote()).isEqualTo("no"));
        }
    }

    @Test
    void aLiveKeyMayNotAnswerItself(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = BlockingSesame.of(broker.sesame())) {
            assertThatThrownBy(() -> sesame.trigger(request(TestDecision.approve())))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            problem -> assertThat(problem.getFields()).containsOnlyKeys("test"));
            broker.assertNothingAsked();
        }
    }

    @Test
    void aTestKeyMustBeAllowed(FakeBroker broker) {
        var builder = BlockingSesame.builder().apiKey(broker.getTestApiKey()).brokerUrl(broker.serve());
        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("allowTestMode");
    }

    private static BlockingSesame test(FakeBroker broker) {
        return BlockingSesame.builder()
                .apiKey(broker.getTestApiKey())
                .brokerUrl(broker.serve())
                .allowTestMode(true)
                .build();
    }

    private static ApprovalRequest request(TestDecision answer) {
        return ApprovalRequest.builder("payments.refund").test(answer).build();
    }
}
