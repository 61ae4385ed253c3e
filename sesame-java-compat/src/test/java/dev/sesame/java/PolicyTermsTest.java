package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import dev.sesame.testing.PolicyTerms;
import java.time.Duration;
import java.util.Map;
import kotlin.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a policy's rule makes of a question, from Java: written in a test, and read in the document. */
@ExtendWith(FakeBrokerExtension.class)
class PolicyTermsTest {
    @Test
    void theDocumentTellsWhoIsAskedAndToWhomItEscalates(FakeBroker broker) throws Exception {
        broker.approver("fay").joins("finance");
        broker.approver("bo").joins("board");
        broker.policy(script -> {
            script.requireApproval(
                    "payments.*",
                    new PolicyTerms()
                            .groups("finance")
                            .approvalsOf("finance", 1)
                            .escalates(Duration.ofMinutes(10), "board"));
            return Unit.INSTANCE;
        });
        try (BlockingSesame sesame = Questions.of(broker)) {
            PendingApproval asked = sesame.trigger(Questions.refund());
            Approval before = asked.poll();
            assertThat(before.groups()).containsExactly("finance");
            assertThat(before.approvalsPerGroup()).isEqualTo(Map.of("finance", 1));
            Escalation escalation = before.escalation().orElseThrow();
            assertThat(escalation.groups()).containsExactly("board");
            assertThat(escalation.at()).isEqualTo(broker.getClock().instant().plusSeconds(600));
            assertThat(escalation.escalatedAt()).isEmpty();

            broker.getClock().advance(Duration.ofMinutes(10));
            Approval after = asked.poll();
            assertThat(after.groups()).containsExactly("finance", "board");
            assertThat(after.escalation().orElseThrow().escalatedAt()).contains(escalation.at());

            broker.approver("fay").approves(asked.id());
            assertThat(asked.await().escalation()).isPresent();
        }
    }

    @Test
    void withoutARuleNothingEscalates(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            assertThat(sesame.trigger(Questions.refund()).poll().escalation()).isEmpty();
        }
    }
}
