package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.java.RequireApproval;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GateInterruptTest {
    interface Work {
        @RequireApproval(action = "declared")
        void declared() throws InterruptedException;

        @RequireApproval(action = "wide")
        void wide() throws Exception;

        @RequireApproval(action = "plain")
        void plain();
    }

    /** A stand-in that is never reached. */
    private static final Work NEVER = new Work() {
        @Override
        public void declared() {
            throw new AssertionError("ran");
        }

        @Override
        public void wide() {
            throw new AssertionError("ran");
        }

        @Override
        public void plain() {
            throw new AssertionError("ran");
        }
    };

    private final InterruptedException interruption = new InterruptedException();
    private final Work work = Person.answering(interruption).gate(Work.class, NEVER);

    @AfterEach
    @SuppressWarnings("ReturnValueIgnored") // only clears it, for the next test
    void clear() {
        Thread.interrupted();
    }

    @Test
    void aMethodThatDeclaresItThrowsIt() {
        assertThatThrownBy(work::declared).isSameAs(interruption);
        assertThatThrownBy(work::wide).isSameAs(interruption);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aMethodThatDoesNotLeavesTheThreadInterruptedAndSaysWhatWasLeft() {
        assertThatThrownBy(work::plain)
                .isInstanceOf(CancellationException.class)
                .hasMessage("plain was interrupted while it waited for an approval; it was not run")
                .hasCause(interruption);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void onlyAMethodThatRanIsSaidToHaveRun() {
        Work interrupted = Person.approving().gate(Work.class, new Work() {
            @Override
            public void declared() {}

            @Override
            public void wide() {}

            @Override
            public void plain() {
                throw GateInterruptTest.<RuntimeException>undeclared(interruption);
            }
        });
        assertThatThrownBy(interrupted::plain)
                .hasMessage("plain was interrupted while it ran")
                .hasCause(interruption);
        assertThat(Thread.interrupted()).isTrue();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> E undeclared(Exception problem) throws E {
        throw (E) problem;
    }
}
