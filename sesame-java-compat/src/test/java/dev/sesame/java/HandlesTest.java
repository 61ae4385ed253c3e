package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.AlreadyDecidedException;
import dev.sesame.ApprovalNotFoundException;
import dev.sesame.ApprovalStatus;
import dev.sesame.ApprovalTimeoutException;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FakeBrokerExtension.class)
class HandlesTest {
    private static final String NOBODYS = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa";

    @Test
    void aQuestionIsAskedLookedAtDecidedAndRun(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            PendingApproval asked = sesame.trigger(Questions.refund());
            assertThat(asked.poll().status()).isEqualTo(ApprovalStatus.PENDING);
            assertThat(asked.poll(Duration.ofMillis(20)).status()).isEqualTo(ApprovalStatus.PENDING);
            assertThatThrownBy(() -> asked.await(Duration.ofMillis(20))).isInstanceOf(ApprovalTimeoutException.class);
            broker.approver("ana").approves(asked.id(), "fine");
            PendingApproval found = sesame.attach(asked.id());
            assertThat(found.await().decision().orElseThrow().note()).contains("fine");
            assertThat(found.approval().status()).isEqualTo(ApprovalStatus.APPROVED);
            assertThat(found.<String, RuntimeException>run(Approval::id)).isEqualTo(asked.id());
            assertThat(sesame.find(asked.id()).orElseThrow().execution()).isPresent();
        }
    }

    @Test
    void theSameWithFutures(FakeBroker broker) throws Exception {
        try (AsyncSesame sesame = AsyncSesame.of(broker.sesame())) {
            AsyncPendingApproval asked = sesame.trigger(Questions.refund()).get(20, TimeUnit.SECONDS);
            assertThat(asked.poll().get(20, TimeUnit.SECONDS).status()).isEqualTo(ApprovalStatus.PENDING);
            assertThatThrownBy(() -> asked.await(Duration.ofMillis(20)).get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ApprovalTimeoutException.class);
            broker.approver("ana").approves(asked.id());
            assertThat(asked.await().get(20, TimeUnit.SECONDS).status()).isEqualTo(ApprovalStatus.APPROVED);
            AsyncPendingApproval found = sesame.attach(asked.id()).get(20, TimeUnit.SECONDS);
            assertThat(found.run(Approval::id).get(20, TimeUnit.SECONDS)).isEqualTo(asked.id());
            assertThat(sesame.find(asked.id()).get(20, TimeUnit.SECONDS)).isPresent();
        }
    }

    @Test
    void whatIsNotThereIsEmptyOrRefusedByBothViews(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            assertThat(sesame.find(NOBODYS)).isEmpty();
            assertThat(sesame.async().find(NOBODYS).get(20, TimeUnit.SECONDS)).isEmpty();
            assertThatThrownBy(() -> sesame.attach(NOBODYS)).isExactlyInstanceOf(ApprovalNotFoundException.class);
        }
    }

    @Test
    void aQuestionIsTakenBackOnceAndNotAfterADecision(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            PendingApproval asked = sesame.trigger(Questions.refund());
            assertThat(asked.cancel().status()).isEqualTo(ApprovalStatus.CANCELLED);
            assertThat(sesame.cancel(asked.id()).status()).isEqualTo(ApprovalStatus.CANCELLED);
            PendingApproval decided = sesame.trigger(Questions.refund());
            broker.approver("ana").denies(decided.id());
            assertThatThrownBy(decided::cancel).isExactlyInstanceOf(AlreadyDecidedException.class);
        }
    }
}
