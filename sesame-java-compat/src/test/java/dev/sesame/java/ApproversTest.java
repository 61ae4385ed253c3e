package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.AlreadyDecidedException;
import dev.sesame.Answer;
import dev.sesame.ApprovalStatus;
import dev.sesame.InvalidRequestException;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
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
