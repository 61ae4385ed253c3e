package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.AlreadyExecutedException;
import dev.sesame.InvalidRequestException;
import dev.sesame.java.ApprovalRequest;
import dev.sesame.java.RequireApproval;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {
    interface Refunds {
        @RequireApproval(
                action = "payments.refund",
                summary = "Refund {amount} to {customer}",
                reason = "Ticket {ticket}",
                dedupKey = "refund-{ticket}",
                expiresIn = "PT4H")
        String refund(long amount, String customer, String ticket);

        @RequireApproval(action = "payments.stop")
        void stop();

        @RequireApproval(action = "payments.rate")
        void rate(double rate);

        int count(int more);
    }

    private static final class Desk implements Refunds {
        final List<String> done = new ArrayList<>();

        @Override
        public String refund(long amount, String customer, String ticket) {
            done.add("refund");
            return amount + " to " + customer + " for " + ticket;
        }

        @Override
        public void stop() {
            done.add("stop");
        }

        @Override
        public void rate(double rate) {
            done.add("rate");
        }

        @Override
        public int count(int more) {
            return done.size() + more;
        }
    }

    interface Grouped {
        @RequireApproval(
                action = "payments.refund",
                editable = "amount",
                approvalsRequired = 2,
                groups = {"finance", "support"})
        void refund(long amount, String customer);
    }

    private final Desk desk = new Desk();

    @Test
    void whoMustApproveAndWhatTheyMayChangeIsAsked() {
        Person person = Person.approving();
        person.gate(Grouped.class, (amount, customer) -> desk.done.add(customer))
                .refund(1, "ana");
        ApprovalRequest asked = person.onlyQuestion();
        assertThat(asked.editable()).containsExactly("amount");
        assertThat(asked.approvalsRequired()).isEqualTo(2);
        assertThat(asked.groups()).containsExactly("finance", "support");
        assertThat(desk.done).containsExactly("ana");
    }

    @Test
    void aCallAsksWithItsArgumentsAndRunsOnAYes() {
        Person person = Person.approving();
        assertThat(person.gate(Refunds.class, desk).refund(4200, "ana", "882")).isEqualTo("4200 to ana for 882");
        ApprovalRequest asked = person.onlyQuestion();
        assertThat(asked.action()).isEqualTo("payments.refund");
        assertThat(asked.summary()).isEqualTo("Refund 4200 to ana");
        assertThat(asked.reason()).contains("Ticket 882");
        assertThat(asked.contextJson()).isEqualTo("{\"amount\":4200,\"customer\":\"ana\",\"ticket\":\"882\"}");
        assertThat(asked.dedupKey()).contains("refund-882");
        assertThat(asked.expiresIn()).contains(Duration.ofHours(4));
    }

    @Test
    void aMethodWithoutParametersAsksWithAnEmptyContext() {
        Person person = Person.approving();
        person.gate(Refunds.class, desk).stop();
        assertThat(desk.done).containsExactly("stop");
        ApprovalRequest asked = person.onlyQuestion();
        assertThat(asked.contextJson()).isEqualTo("{}");
        assertThat(asked.summary()).isEqualTo("Run payments.stop");
        assertThat(asked.reason()).isEmpty();
        assertThat(asked.dedupKey()).isEmpty();
        assertThat(asked.expiresIn()).isEmpty();
    }

    @Test
    void aNoIsThrownAndNothingRuns() {
        AlreadyExecutedException no = new AlreadyExecutedException(Person.ID);
        assertThatThrownBy(() -> Person.answering(no).gate(Refunds.class, desk).stop())
                .isSameAs(no);
        assertThat(desk.done).isEmpty();
    }

    @Test
    void aMethodWithoutTheAnnotationGoesStraightToTheImplementation() {
        Person person = Person.approving();
        assertThat(person.gate(Refunds.class, desk).count(3)).isEqualTo(3);
        assertThat(person.asked).isEmpty();
    }

    @Test
    void anArgumentThatNobodyCanBeShownIsRefusedBeforeAsking() {
        Person person = Person.approving();
        assertThatThrownBy(() -> person.gate(Refunds.class, desk).rate(Double.NaN))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        it -> assertThat(it.getFields()).containsOnlyKeys("context.rate"));
        assertThat(person.asked).isEmpty();
    }

    @Test
    void gatedObjectsAreThemselvesAndTellTheirActionsOnly() {
        Refunds gated = Person.approving().gate(Refunds.class, desk);
        Refunds other = Person.approving().gate(Refunds.class, desk);
        assertThat(new HashSet<>(List.of(gated, gated, other, desk))).hasSize(3);
        assertThat(gated).hasToString("Refunds(payments.rate, payments.refund, payments.stop)");
    }
}
