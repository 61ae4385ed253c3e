package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sesame.java.RequireApproval;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class GateDefaultMethodsTest {
    interface Refunds {
        @RequireApproval(action = "refund")
        void refund(long amount);

        default int refundAll(long... amounts) {
            for (long amount : amounts) refund(amount);
            return amounts.length;
        }

        @RequireApproval(action = "twice")
        default void twice(long amount) {
            refund(amount);
            refund(amount);
        }
    }

    interface Shout extends UnaryOperator<String> {
        @Override
        @RequireApproval(action = "shout")
        String apply(String text);
    }

    private final Person person = Person.approving();
    private final List<Long> ran = new ArrayList<>();

    @Test
    void whatADefaultMethodCallsIsGatedLikeAnyCall() {
        assertThat(person.gate(Refunds.class, ran::add).refundAll(1, 2)).isEqualTo(2);
        assertThat(ran).containsExactly(1L, 2L);
        assertThat(person.asked).extracting(it -> it.action()).containsExactly("refund", "refund");
    }

    @Test
    void aGatedDefaultMethodIsAskedAboutOnce() {
        person.gate(Refunds.class, ran::add).twice(7);
        assertThat(ran).containsExactly(7L, 7L);
        assertThat(person.onlyQuestion().action()).isEqualTo("twice");
    }

    @Test
    void oneThatTheImplementationHasOfItsOwnGoesStraightThere() {
        Refunds own = new Refunds() {
            @Override
            public void refund(long amount) {
                ran.add(amount);
            }

            @Override
            public int refundAll(long... amounts) {
                return -1;
            }
        };
        assertThat(person.gate(Refunds.class, own).refundAll(1, 2)).isEqualTo(-1);
        assertThat(person.asked).isEmpty();
    }

    @Test
    void defaultMethodsOfTheJdksInterfacesWork() {
        Shout shout = person.gate(Shout.class, text -> text + "!");
        assertThat(shout.andThen(String::length).apply("hey")).isEqualTo(4);
        assertThat(person.onlyQuestion().contextJson()).isEqualTo("{\"text\":\"hey\"}");
    }
}
