package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.ApprovalStatus;
import dev.sesame.ExecutionState;
import dev.sesame.Mode;
import dev.sesame.ProtocolException;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FakeBrokerExtension.class)
class DocumentsTest {
    record Other(String name) {}

    @Test
    void anApprovalTellsWhatTheBrokerDoes(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            ApprovalRequest request = ApprovalRequest.builder(Questions.ACTION)
                    .summary("Refund 42")
                    .reason("it broke")
                    .context(new Questions.Refund(4200, "cus_1"))
                    .dedupKey("refund-1")
                    .requestedBy("bot")
                    .riskScore(0.5)
                    .build();
            PendingApproval asked = sesame.trigger(request);
            Approval pending = asked.approval();
            assertThat(pending.decision()).isEmpty();
            assertThat(pending.execution()).isEmpty();
            broker.approver("ana").approves(asked.id(), "fine");
            asked.<Object, RuntimeException>run(approval -> "paid");

            Approval approval = sesame.find(asked.id()).orElseThrow();
            assertThat(approval.mode()).isEqualTo(Mode.LIVE);
            assertThat(approval.summary()).contains("Refund 42");
            assertThat(approval.reason()).contains("it broke");
            assertThat(approval.dedupKey()).contains("refund-1");
            assertThat(approval.requestedBy()).contains("bot");
            assertThat(approval.riskScore()).hasValue(0.5);
            assertThat(approval.context()).isEqualTo(Map.of("amount", 4200L, "customer", "cus_1"));
            assertThat(approval.originalContext()).contains(approval.context());
            assertThat(approval.contextAs(Questions.Refund.class)).isEqualTo(new Questions.Refund(4200, "cus_1"));
            assertThat(approval.requestHash()).isEqualTo(approval.contextHash());
            assertThat(approval.createdAt()).contains(broker.getClock().instant());
            Decision decision = approval.decision().orElseThrow();
            assertThat(decision.status()).isEqualTo(ApprovalStatus.APPROVED);
            assertThat(decision.by().orElseThrow().name()).contains("ana");
            assertThat(decision.isEdited()).isFalse();
            assertThat(approval.execution().orElseThrow().state()).isEqualTo(ExecutionState.SUCCEEDED);
            assertThat(approval).hasToString("Approval(" + asked.id() + ", payments.refund, approved)");
        }
    }

    @Test
    void aRecordThatDoesNotFitIsRefused(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            Approval approval = sesame.trigger(Questions.refund()).approval();
            assertThatThrownBy(() -> approval.contextAs(Other.class)).isInstanceOf(ProtocolException.class);
        }
    }
}
