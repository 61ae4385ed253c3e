package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.ProtocolException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordFidelityTest {
    private static final String ID = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa";

    private enum Currency {
        EUR
    }

    private record Refund(int amount, String customer, Currency currency) {}

    private record Batch(List<Refund> refunds) {}

    private record Kinds(
            Optional<Byte> b,
            Optional<Long> l,
            Optional<Float> f,
            Optional<Double> d,
            Optional<Boolean> truth,
            Optional<Instant> at,
            Optional<UUID> id,
            Optional<BigDecimal> dec,
            Optional<List<String>> list) {}

    record Capped(int amount) {
        Capped {
            amount = Math.min(amount, 100);
        }
    }

    record Positive(int amount) {
        Positive {
            if (amount < 0) throw new IllegalArgumentException("not positive: " + amount);
        }
    }

    record Defaulted(Optional<String> note) {
        Defaulted {
            if (note.isEmpty()) note = Optional.of("4711");
        }
    }

    record Trimmed(List<String> names) {
        Trimmed {
            names = names.stream().filter(name -> !name.isEmpty()).toList();
        }
    }

    record Forgetful(String name) {
        @Override
        public String name() {
            return "always the same";
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"customer\":\"4711\",\"currency\":\"EUR\"}                               | context.amount is missing",
                "{\"amount\":1,\"customer\":\"4711\",\"currency\":\"EUR\",\"iban\":\"4711\"}  | context.iban is not known to Refund",
                "{\"amount\":\"4711\",\"customer\":\"a\",\"currency\":\"EUR\"}                | context.amount is no whole number of 32 bits",
                "{\"amount\":4711.5,\"customer\":\"a\",\"currency\":\"EUR\"}                  | context.amount is no whole number of 32 bits",
                "{\"amount\":4711000000,\"customer\":\"a\",\"currency\":\"EUR\"}              | context.amount is no whole number of 32 bits",
                "{\"amount\":null,\"customer\":\"a\",\"currency\":\"EUR\"}                    | context.amount is no whole number of 32 bits",
                "{\"amount\":1,\"customer\":4711,\"currency\":\"EUR\"}                        | context.customer is no text",
                "{\"amount\":1,\"customer\":[\"4711\"],\"currency\":\"EUR\"}                  | context.customer is no text",
                "{\"amount\":1,\"customer\":\"a\",\"currency\":\"4711\"}                      | context.currency is no name of Currency",
                "{\"amount\":1,\"customer\":\"a\",\"currency\":\"eur\"}                       | context.currency is no name of Currency",
            })
    void aRecordThatDoesNotHoldWhatWasApprovedIsRefusedByFieldAndWithoutItsValue(String approved, String problem) {
        refuses(approved, Refund.class, problem);
        refuses("{\"refunds\":[" + approved + "]}", Batch.class, problem.replace("context.", "context.refunds[0]."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"b\":128}                          | context.b is no whole number from -128 to 127",
                "{\"l\":9223372036854775808}          | context.l is no whole number of 64 bits",
                "{\"f\":0.12345678901}                | context.f would not be what was approved",
                "{\"f\":1e39}                         | context.f is no number that its type can hold",
                "{\"d\":9007199254740993}             | context.d would not be what was approved",
                "{\"d\":1e400}                        | context.d is no number that its type can hold",
                "{\"truth\":\"true\"}                 | context.truth is neither true nor false",
                "{\"truth\":1}                        | context.truth is neither true nor false",
                "{\"at\":\"yesterday\"}               | context.at is no ISO-8601 instant",
                "{\"at\":\"2026-11-01T08:00:00.000Z\"}| context.at would not be what was approved",
                "{\"id\":\"1-1-1-1-1\"}               | context.id would not be what was approved",
                "{\"dec\":\"10.50\"}                  | context.dec is no number",
                "{\"list\":{}}                        | context.list is no JSON array",
                "{\"list\":[\"a\",1]}                 | context.list[1] is no text",
            })
    void noValueIsRoundedOrReadAsSomethingElse(String approved, String problem) {
        assertThatThrownBy(() -> ContextJson.read(ID, approved, Kinds.class))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith(ID + ": not run as approved: " + problem);
    }

    @Test
    void theSameNumberWrittenOtherwiseIsTheSame() {
        assertThat(ContextJson.read(ID, "{\"amount\":4.2e3,\"customer\":\"a\",\"currency\":\"EUR\"}", Refund.class)
                        .amount())
                .isEqualTo(4200);
        assertThat(ContextJson.read(ID, "{\"dec\":10.5}", Kinds.class).dec()).contains(new BigDecimal("10.5"));
    }

    @Test
    void aRecordThatChangesItsValuesIsNotRunWithThem() {
        assertThat(ContextJson.read(ID, "{\"amount\":100}", Capped.class)).isEqualTo(new Capped(100));
        refuses(
                "{\"amount\":4711}",
                Capped.class,
                "context.amount would not be what was approved, once it is read into its class");
        refuses(
                "{\"name\":\"4711\"}",
                Forgetful.class,
                "context.name would not be what was approved, once it is read into its class");
    }

    @Test
    void aRecordThatRefusesItsValuesRefusesTheContext() {
        refuses(
                "{\"amount\":-4711}",
                Positive.class,
                "context is refused by Positive itself, with IllegalArgumentException");
    }

    private static void refuses(String approved, Class<? extends Record> type, String problem) {
        assertThatThrownBy(() -> ContextJson.read(ID, approved, type))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(ID + ": not run as approved: " + problem)
                .satisfies(it -> assertThat(inFull(it)).doesNotContain("4711"));
    }

    private static String inFull(Throwable problem) {
        StringWriter text = new StringWriter();
        problem.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
