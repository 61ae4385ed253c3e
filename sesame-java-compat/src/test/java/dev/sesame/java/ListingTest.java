package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.ApprovalStatus;
import dev.sesame.testing.CallKind;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import dev.sesame.testing.Fault;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FakeBrokerExtension.class)
class ListingTest {
    @Test
    void aStreamReadsAsManyPagesAsAreAskedFor(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            for (int amount = 1; amount <= 150; amount++) sesame.trigger(Questions.refund(amount));
            assertThat(sesame.list().map(approval -> approval.context().get("amount")))
                    .hasSize(150)
                    .startsWith(150L)
                    .endsWith(1L);
            broker.fail(Fault.UNAVAILABLE, 1, CallKind.LIST);
            assertThat(sesame.list().limit(2).map(Approval::action))
                    .containsExactly(Questions.ACTION, Questions.ACTION);
        }
    }

    @Test
    void aFilterNarrowsIt(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            String denied = sesame.trigger(Questions.refund(1)).id();
            sesame.trigger(Questions.refund(2));
            sesame.trigger(ApprovalRequest.builder("deploys.production").build());
            broker.approver("ana").denies(denied);
            assertThat(sesame.list(ApprovalFilter.all().status(ApprovalStatus.DENIED))
                            .map(Approval::id))
                    .containsExactly(denied);
            assertThat(sesame.list(ApprovalFilter.all().action("deploys.production")))
                    .hasSize(1);
        }
    }

    @Test
    void pagesComeAsFuturesOneAfterTheOther(FakeBroker broker) throws Exception {
        try (AsyncSesame sesame = AsyncSesame.of(broker.sesame())) {
            for (int amount = 1; amount <= 101; amount++)
                sesame.trigger(Questions.refund(amount)).get(20, TimeUnit.SECONDS);
            ApprovalPage first = sesame.list().get(20, TimeUnit.SECONDS);
            assertThat(first.approvals()).hasSize(100);
            assertThat(first.hasNext()).isTrue();
            ApprovalPage last = first.next().get(20, TimeUnit.SECONDS);
            assertThat(last.approvals()).hasSize(1);
            assertThat(last.hasNext()).isFalse();
            assertThatThrownBy(last::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void anInterruptEndsAStreamAndIsKept(FakeBroker broker) {
        try (BlockingSesame sesame = Questions.of(broker)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> sesame.list().toList()).isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(sesame.list().toList()).isEqualTo(List.of());
        }
    }
}
