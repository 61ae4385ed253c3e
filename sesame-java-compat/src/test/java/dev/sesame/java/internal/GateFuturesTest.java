package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.AlreadyExecutedException;
import dev.sesame.InvalidRequestException;
import dev.sesame.ProtocolException;
import dev.sesame.java.RequireApproval;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class GateFuturesTest {
    interface Later {
        @RequireApproval(action = "future", summary = "Future {amount}")
        CompletableFuture<String> future(double amount);

        @RequireApproval(action = "stage")
        CompletionStage<String> stage(int amount);
    }

    interface Typed<R> {
        @RequireApproval(action = "typed")
        R typed();
    }

    interface TypedLater extends Typed<CompletableFuture<String>> {}

    private final CompletableFuture<String> pending = new CompletableFuture<>();
    private final Later later = new Later() {
        @Override
        public CompletableFuture<String> future(double amount) {
            return pending.thenApply(text -> text + amount);
        }

        @Override
        @SuppressWarnings("NullAway") // what a careless one does
        public CompletionStage<String> stage(int amount) {
            return null;
        }
    };

    @Test
    void theCallReturnsAtOnceAndItsFutureEndsAsTheImplementationsDoes() {
        Person person = Person.editing(context -> "{\"amount\":2.5}");
        CompletableFuture<String> called = person.gate(Later.class, later).future(5);
        assertThat(called).isNotDone();
        pending.complete("ran with ");
        assertThat(called).isCompletedWithValue("ran with 2.5");
        assertThat(person.onlyQuestion().summary()).isEqualTo("Future 5.0");
    }

    @Test
    void aFutureThatAVariableStandsForIsOneToo() {
        CompletableFuture<String> called =
                Person.approving().gate(TypedLater.class, () -> pending).typed();
        pending.complete("done");
        assertThat(called).isCompletedWithValue("done");
    }

    @Test
    void aNoAndWhatCannotBeAskedFailTheFutureAndNothingIsThrown() {
        AlreadyExecutedException no = new AlreadyExecutedException(Person.ID);
        Later refused = Person.answering(no).gate(Later.class, later);
        assertThatThrownBy(() -> refused.future(1).join()).hasCause(no);
        CompletableFuture<String> unasked =
                Person.approving().gate(Later.class, later).future(Double.NaN);
        assertThatThrownBy(unasked::join).hasCauseInstanceOf(InvalidRequestException.class);
    }

    @Test
    void argumentsThatNoLongerFitFailTheFuture() {
        Person person = Person.editing(context -> "{}");
        CompletableFuture<String> called = person.gate(Later.class, later).future(1);
        assertThatThrownBy(called::join).hasCauseInstanceOf(ProtocolException.class);
        assertThat(person.didNothing).isTrue();
    }

    @Test
    void anImplementationThatReturnsNoFutureIsToldSo() {
        Person person = Person.approving();
        CompletableFuture<String> called =
                person.gate(Later.class, later).stage(1).toCompletableFuture();
        assertThatThrownBy(called::join)
                .hasCauseInstanceOf(NullPointerException.class)
                .hasMessageContaining("Later.stage(int) returned null instead of a future");
        assertThat(person.didNothing).isFalse();
    }
}
