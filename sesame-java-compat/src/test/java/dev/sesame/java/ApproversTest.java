package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.AlreadyDecidedException;
import dev.sesame.Answer;
import dev.sesame.ApprovalStatus;
import dev.sesame.InvalidRequestException;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FakeBrokerExtension.class)
class ApproversTest {
    @Test
    void aPersonSeesWhatIsAskedAndAnswers(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker);
                Approvers ana = Approvers.builder(broker.approver("ana").getToken())
                        .brokerUrl(broker.serve())
                        .build()) {
            String id = sesame.trigger(Questions.refund()).id();
            assertThat(ana.pending().map(Approval::id)).containsExactly(id);
            Approval approved = ana.approve(id, "fine");
            assertThat(approved.status()).isEqualTo(ApprovalStatus.APPROVED);
            Vote vote = approved.votes().get(0);
            assertThat(vote.answer()).isEqualTo(Answer.APPROVE);
            assertThat(vote.by().name()).contains("ana");
            assertThat(vote.note()).contains("fine");
            assertThatThrownBy(() -> ana.deny(id)).isExactlyInstanceOf(AlreadyDecidedException.class);
        }
    }

    @Test
    void anEditIsWhatRunsAndCanBeTold(FakeBroker broker) throws Exception {
        ApprovalRequest request = ApprovalRequest.builder("payments.refund")
                .contextJson("{\"amount\": 4200, \"customer\": \"ana\"}")
                .editable("amount")
                .build();
        try (BlockingSesame sesame = Questions.of(broker);
                Approvers kim = Approvers.builder(broker.approver("kim").getToken())
                        .brokerUrl(broker.serve())
                        .build()) {
            PendingApproval asked = sesame.trigger(request);
            assertThat(kim.extend(asked.id(), Duration.ofDays(2)).status()).isEqualTo(ApprovalStatus.PENDING);
            assertThatThrownBy(() -> kim.approveEdited(asked.id(), "{\"amount\": 1, \"customer\": \"bo\"}"))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            it -> assertThat(it.getFields()).containsOnlyKeys("context.customer"));
            kim.approveEdited(asked.id(), "{\"amount\": 2100, \"customer\": \"ana\"}", "half");
            Approval approved = asked.await();
            assertThat(approved.context()).containsEntry("amount", 2100L);
            assertThat(approved.originalContextJson()).contains("{\"amount\":4200,\"customer\":\"ana\"}");
            Edit edit = approved.edits().get(0);
            assertThat(edit.field()).isEqualTo("amount");
            assertThat(edit.beforeJson()).contains("4200");
            assertThat(edit.afterJson()).contains("2100");
            assertThat(edit).hasToString("Edit(amount)");
            String ran = asked.run(approval -> "ran with " + approval.context().get("amount"));
            assertThat(ran).isEqualTo("ran with 2100");
        }
    }

    @Test
    void twoPeopleOfTheirGroupsSayYes(FakeBroker broker) throws Exception {
        broker.approver("fay").joins("finance");
        broker.approver("sue").joins("support");
        ApprovalRequest request = ApprovalRequest.builder("payments.refund")
                .approvalsPerGroup(Map.of("finance", 1, "support", 1))
                .build();
        try (BlockingSesame sesame = Questions.of(broker)) {
            PendingApproval asked = sesame.trigger(request);
            assertThat(broker.approver("fay").approves(asked.id()).getStatus()).isEqualTo(ApprovalStatus.PENDING);
            broker.approver("sue").approves(asked.id());
            Approval approved = asked.await();
            assertThat(approved.approvalsRequired()).isEqualTo(2);
            assertThat(approved.approvalsPerGroup()).isEqualTo(Map.of("finance", 1, "support", 1));
            assertThat(approved.groups()).containsExactlyInAnyOrder("finance", "support");
            assertThat(approved.votes()).hasSize(2);
        }
    }

    @Test
    void theSameWithFutures(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker);
                AsyncApprovers ana = AsyncApprovers.builder(
                                broker.approver("ana").getToken())
                        .brokerUrl(broker.serve())
                        .build()) {
            String id = sesame.trigger(Questions.refund()).id();
            ApprovalPage pending = ana.pending().get(20, TimeUnit.SECONDS);
            assertThat(pending.approvals()).extracting(Approval::id).containsExactly(id);
            assertThat(ana.deny(id, "no").get(20, TimeUnit.SECONDS).status()).isEqualTo(ApprovalStatus.DENIED);
        }
    }

    @Test
    void anApiKeyIsNoToken() {
        assertThatThrownBy(() -> Approvers.of("sk_live_x")).isInstanceOf(InvalidRequestException.class);
    }
}
