package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.java.RequireApproval;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class GateExceptionsTest {
    interface Files {
        @RequireApproval(action = "delete")
        void delete(String path) throws IOException;

        void list() throws IOException;
    }

    /** Throws what it is told to, from both. */
    private record Throwing(Throwable problem) implements Files {
        @Override
        public void delete(String path) throws IOException {
            list();
        }

        @Override
        public void list() throws IOException {
            if (problem instanceof Error error) throw error;
            if (problem instanceof RuntimeException unchecked) throw unchecked;
            throw (IOException) problem;
        }
    }

    @Test
    void whatTheImplementationThrowsPassesUnchanged() {
        for (Throwable problem :
                new Throwable[] {new IOException("gone"), new IllegalStateException("full"), new StackOverflowError()
                }) {
            Person person = Person.approving();
            Files gated = person.gate(Files.class, new Throwing(problem));
            assertThatThrownBy(() -> gated.delete("a")).isSameAs(problem);
            assertThatThrownBy(gated::list).isSameAs(problem);
            assertThat(person.didNothing).isFalse();
        }
    }
}
