package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.ProtocolException;
import dev.sesame.java.RequireApproval;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GateArgumentsTest {
    record Refund(BigDecimal amount, String customer) {}

    interface Desk {
        @RequireApproval(action = "refund")
        void refund(int amount, @Nullable String note, Optional<Refund> extra);

        @RequireApproval(action = "all")
        void all(List<Refund> refunds, Map<String, Set<Instant>> due, List<? extends Refund> more);

        @RequireApproval(action = "rate")
        void rate(double rate);
    }

    private final List<Object> ran = new ArrayList<>();

    private final Desk desk = new Desk() {
        @Override
        public void refund(int amount, @Nullable String note, Optional<Refund> extra) {
            ran.add(amount + "/" + note + "/" + extra.map(Refund::customer).orElse("none"));
        }

        @Override
        public void rate(double rate) {
            ran.add(rate);
        }

        @Override
        public void all(List<Refund> refunds, Map<String, Set<Instant>> due, List<? extends Refund> more) {
            for (Refund refund : refunds) ran.add(refund);
            due.forEach((name, times) -> times.forEach(time -> ran.add(name + time.getEpochSecond())));
            for (Refund refund : more) ran.add(refund);
        }
    };

    @Test
    void theImplementationGetsWhatWasApprovedNotWhatTheCallerPassed() {
        Person.editing(context -> context.replace("4200", "2100")
                        .replace("null", "\"half\"")
                        .replace("ana", "bob"))
                .gate(Desk.class, desk)
                .refund(4200, null, Optional.of(new Refund(BigDecimal.ONE, "ana")));
        assertThat(ran).containsExactly("2100/half/bob");
    }

    @Test
    void genericArgumentsComeBackAsTheirOwnTypes() {
        Refund ten = new Refund(new BigDecimal("10.50"), "ana");
        Person.approving()
                .gate(Desk.class, desk)
                .all(List.of(ten, ten), Map.of("a", Set.of(Instant.EPOCH)), List.of(ten));
        assertThat(ran).containsExactly(ten, ten, "a0", ten);
    }

    @Test
    void anOptionalArgumentMayBeLeftOutByAnApprover() {
        Person.editing(context -> "{\"amount\":1,\"note\":null}")
                .gate(Desk.class, desk)
                .refund(1, null, Optional.empty());
        assertThat(ran).containsExactly("1/null/none");
    }

    @Test
    void argumentsThatNoLongerFitAreNotRunWith() {
        refuses("{\"note\":null,\"extra\":null}", "context.amount is missing");
        refuses("{\"amount\":1,\"extra\":null}", "context.note is missing");
        refuses(
                "{\"amount\":1,\"note\":null,\"extra\":null,\"force\":true}",
                "context.force is not known to Desk.refund");
        refuses("{\"amount\":1.5,\"note\":null,\"extra\":null}", "context.amount is no whole number of 32 bits");
        refuses("{\"amount\":1,\"note\":null,\"extra\":{\"amount\":1}}", "context.extra.customer is missing");
        refuses("[]", "context is no JSON object");
    }

    @Test
    void anArgumentThatItsTypeWouldRoundIsNotRunWith() {
        Person person = Person.editing(context -> "{\"rate\":9007199254740993}");
        assertThatThrownBy(() -> person.gate(Desk.class, desk).rate(1))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("context.rate would not be what was approved");
        assertThat(ran).isEmpty();
    }

    private void refuses(String approved, String problem) {
        Person person = Person.editing(context -> approved);
        assertThatThrownBy(() -> person.gate(Desk.class, desk).refund(1, null, Optional.empty()))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(Person.ID + ": not run as approved: " + problem);
        assertThat(ran).isEmpty();
        assertThat(person.didNothing).isTrue();
    }
}
