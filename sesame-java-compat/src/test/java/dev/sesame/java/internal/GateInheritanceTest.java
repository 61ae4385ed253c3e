package dev.sesame.java.internal;

import static dev.sesame.java.internal.GateMistakesTest.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sesame.java.RequireApproval;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateInheritanceTest {
    record Refund(long amount) {}

    interface Gated<T> {
        @RequireApproval(action = "run", summary = "Run {what}")
        void run(T what);
    }

    interface ListGated<E> extends Gated<List<E>> {}

    interface Refunds extends ListGated<Refund> {}

    interface SaysItAgain extends Gated<Refund> {
        @Override
        @RequireApproval(action = "again", summary = "Refund {refund.amount}")
        void run(Refund refund);
    }

    interface SaysItNoMore extends Gated<Refund> {
        @Override
        void run(Refund refund);
    }

    interface Ungated {
        void run(Object what);
    }

    interface Both extends Gated<Object>, Ungated {}

    interface UngatedRefund {
        void run(Refund what);
    }

    interface BothOfOneType extends Gated<Refund>, UngatedRefund {}

    interface Rewritten extends Ungated {
        @Override
        @RequireApproval(action = "run", summary = "Run {it}")
        void run(Object it);
    }

    private final Person person = Person.approving();
    private final List<Object> ran = new ArrayList<>();

    @Test
    void aMethodFromAboveIsGatedWithTheTypesThatAreKnownBelow() {
        Refunds refunds = person.gate(Refunds.class, (Refunds) what -> ran.addAll(what));
        refunds.run(List.of(new Refund(1), new Refund(2)));
        assertThat(ran).containsExactly(new Refund(1), new Refund(2));
        assertThat(person.onlyQuestion().summary()).isEqualTo("Run [{\"amount\":1},{\"amount\":2}]");
    }

    @Test
    void aMethodThatSaysItAgainIsGatedAsItSaysByWhateverNameItIsReached() {
        SaysItAgain gated = person.gate(SaysItAgain.class, (SaysItAgain) ran::add);
        gated.run(new Refund(1));
        Gated<Refund> fromAbove = gated;
        fromAbove.run(new Refund(2));
        assertThat(ran).containsExactly(new Refund(1), new Refund(2));
        assertThat(person.asked)
                .extracting(it -> it.action() + ": " + it.summary())
                .containsExactly("again: Refund 1", "again: Refund 2");
    }

    @Test
    void aMethodMayBecomeGatedBelow() {
        Ungated fromAbove = person.gate(Rewritten.class, (Rewritten) ran::add);
        fromAbove.run("it");
        assertThat(person.onlyQuestion().summary()).isEqualTo("Run it");
    }

    @Test
    void aWayAroundTheGateIsAMistake() {
        refuses(
                SaysItNoMore.class,
                "Gated.run(T): it is also reached as SaysItNoMore.run(Refund), without this @RequireApproval: declare it in SaysItNoMore with one");
        refuses(Both.class, "Gated.run(T): it is also reached as ");
        refuses(
                BothOfOneType.class,
                "Gated.run(T): it is also reached as UngatedRefund.run(Refund), without this @RequireApproval");
    }
}
