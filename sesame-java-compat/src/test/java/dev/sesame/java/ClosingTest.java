package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.SesameClosedException;
import dev.sesame.testing.FakeBroker;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClosingTest {
    @Test
    void closingOneViewEndsTheWaitsOfBoth() throws Exception {
        try (FakeBroker broker = new FakeBroker();
                BlockingSesame sesame = Questions.over(broker)) {
            CompletableFuture<String> future = sesame.async().approve(Questions.refund(), approval -> "never");
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    sesame.approve(Questions.refund(), approval -> "never");
                } catch (Throwable problem) {
                    thrown.complete(problem);
                }
            });
            Eventually.until("both are asked", () -> broker.getPending().size() == 2);
            sesame.async().close();
            assertThat(thrown.get(20, TimeUnit.SECONDS)).isExactlyInstanceOf(SesameClosedException.class);
            assertThatThrownBy(() -> future.get(20, TimeUnit.SECONDS))
                    .hasCauseExactlyInstanceOf(SesameClosedException.class);
            assertThatThrownBy(() -> sesame.trigger(Questions.refund()))
                    .isExactlyInstanceOf(SesameClosedException.class);
            caller.join();
            sesame.async().close();
        }
    }

    @Test
    void noSecretIsInTheWordsOfAClient() {
        try (BlockingSesame sesame = BlockingSesame.builder()
                .apiKey("sk_live_secret")
                .brokerUrl("http://127.0.0.1:1")
                .build()) {
            assertThat(sesame).hasToString("BlockingSesame(http://127.0.0.1:1)");
            assertThat(sesame.async()).hasToString("AsyncSesame(http://127.0.0.1:1)");
        }
    }
}
