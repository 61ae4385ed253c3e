package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContextOfRecordTest {
    private static final String ID = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa";

    private enum Currency {
        EUR,
        USD
    }

    private record Money(BigDecimal amount, Currency currency) {}

    private record Times(
            Instant instant,
            LocalDate date,
            LocalDateTime local,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            Duration length) {}

    private record Numbers(
            byte b,
            short s,
            int i,
            long l,
            float f,
            double d,
            Byte bb,
            Short ss,
            Integer ii,
            Long ll,
            Float ff,
            Double dd,
            BigInteger big) {}

    private record Order(
            UUID id,
            URI page,
            boolean express,
            Boolean gift,
            Money total,
            List<Money> lines,
            Set<String> tags,
            Map<String, Money> parts,
            Collection<Integer> counts,
            Optional<Money> discount,
            @Nullable String note) {}

    private record Pair<A, B>(A first, B second) {}

    private record Pairs(List<Pair<String, Pair<Integer, Currency>>> pairs) {}

    private record Tree(String name, List<Tree> children) {}

    private record Open(Object anything, Map<String, Object> more) {}

    private static final Money TEN = new Money(new BigDecimal("10.50"), Currency.EUR);

    @Test
    void timesComeBackAsTheyWere() {
        keeps(new Times(
                Instant.parse("2026-11-01T08:00:00.123456789Z"),
                LocalDate.of(2026, 11, 1),
                LocalDateTime.parse("2026-11-01T08:00:00"),
                OffsetDateTime.parse("2026-11-01T08:00:00+01:00"),
                ZonedDateTime.parse("2026-11-01T08:00:00+01:00[Europe/Berlin]"),
                Duration.ofMillis(1500)));
    }

    @Test
    void theEndsOfEachKindOfNumberComeBack() {
        keeps(new Numbers(
                Byte.MIN_VALUE,
                Short.MIN_VALUE,
                Integer.MIN_VALUE,
                Long.MIN_VALUE,
                Float.MIN_VALUE,
                Double.MIN_VALUE,
                Byte.MAX_VALUE,
                Short.MAX_VALUE,
                Integer.MAX_VALUE,
                Long.MAX_VALUE,
                Float.MAX_VALUE,
                Double.MAX_VALUE,
                BigInteger.TWO.pow(200)));
    }

    @Test
    void whatIsNestedComesBack() {
        keeps(order(Optional.of(TEN), "quick"));
    }

    @Test
    void whatHoldsNothingIsShownAsNullAndComesBack() {
        Order empty = order(Optional.empty(), null);
        assertThat(ContextJson.write(empty)).endsWith("\"discount\":null,\"note\":null}");
        keeps(empty);
    }

    @Test
    void onlyAnOptionalMayBeLeftOut() {
        Order empty = order(Optional.empty(), "x");
        String without = ContextJson.write(empty).replace("\"discount\":null,", "");
        assertThat(ContextJson.read(ID, without, Order.class)).isEqualTo(empty);
    }

    @Test
    void genericRecordsComeBackByTheirArguments() {
        keeps(new Pairs(
                List.of(new Pair<>("a", new Pair<>(1, Currency.USD)), new Pair<>("b", new Pair<>(2, Currency.EUR)))));
    }

    @Test
    void aRecordThatHoldsItselfComesBack() {
        keeps(new Tree(
                "root", List.of(new Tree("leaf", List.of()), new Tree("twig", List.of(new Tree("end", List.of()))))));
    }

    @Test
    void whatIsDeclaredAsObjectComesBackAsPlainValues() {
        Open read = ContextJson.read(ID, ContextJson.write(new Open(TEN, Map.of("count", 3))), Open.class);
        assertThat(read.anything()).isEqualTo(Map.of("amount", new BigDecimal("10.50"), "currency", "EUR"));
        assertThat(read.more()).isEqualTo(Map.of("count", 3L));
    }

    @Test
    void namesStandAsTheComponentsDo() {
        assertThat(ContextJson.write(TEN)).isEqualTo("{\"amount\":10.50,\"currency\":\"EUR\"}");
    }

    private static Order order(Optional<Money> discount, @Nullable String note) {
        return new Order(
                new UUID(3, 4),
                URI.create("https://example.com"),
                true,
                false,
                TEN,
                List.of(TEN, TEN),
                Set.of("new", "fragile", "late"),
                Map.of("shipping", TEN),
                List.of(1, 2),
                discount,
                note);
    }

    private static void keeps(Record value) {
        assertThat(ContextJson.read(ID, ContextJson.write(value), value.getClass()))
                .isEqualTo(value);
    }
}
