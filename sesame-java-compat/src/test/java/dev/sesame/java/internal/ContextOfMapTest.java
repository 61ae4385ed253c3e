package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContextOfMapTest {
    private static final String ID = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa";

    private record Line(String item, int count) {}

    private enum Kind {
        FULL,
        PART {
            @Override
            public String toString() {
                return "partly";
            }
        }
    }

    @Test
    void entriesStandInTheirOrderAndNullIsKept() {
        Map<String, @Nullable Object> context = new LinkedHashMap<>();
        context.put("zeta", 1);
        context.put("alpha", null);
        context.put("mid", true);
        assertThat(ContextJson.write(context)).isEqualTo("{\"zeta\":1,\"alpha\":null,\"mid\":true}");
    }

    @Test
    void eachKindOfPlainValueIsWrittenAsItReads() {
        assertThat(written("2026-11-01T08:00:00Z", Instant.parse("2026-11-01T08:00:00Z")))
                .isTrue();
        assertThat(written("2026-11-01", LocalDate.of(2026, 11, 1))).isTrue();
        assertThat(written("PT1H30M", Duration.ofMinutes(90))).isTrue();
        assertThat(written("https://example.com/a?b=c", URI.create("https://example.com/a?b=c")))
                .isTrue();
        assertThat(written("00000000-0000-0001-0000-000000000002", new UUID(1, 2)))
                .isTrue();
        assertThat(written("PART", Kind.PART)).isTrue();
        assertThat(written("there", Optional.of("there"))).isTrue();
    }

    @Test
    void whatIsNestedIsWrittenByItsOwnClass() {
        Map<String, ?> context =
                Map.of("lines", List.of(new Line("cup", 2), Map.of("item", "jar", "gifts", Arrays.asList(1, null))));
        assertThat(ContextJson.write(context))
                .isIn(
                        "{\"lines\":[{\"item\":\"cup\",\"count\":2},{\"item\":\"jar\",\"gifts\":[1,null]}]}",
                        "{\"lines\":[{\"item\":\"cup\",\"count\":2},{\"gifts\":[1,null],\"item\":\"jar\"}]}");
    }

    @Test
    void markupStandsAsItIs() {
        assertThat(ContextJson.write(Map.of("note", "<b>5 > 3 & 2 = 'two'</b>")))
                .isEqualTo("{\"note\":\"<b>5 > 3 & 2 = 'two'</b>\"}");
    }

    @Test
    void whatIsReadBackIsPlainInOrderAndCannotBeModified() {
        Map<String, @Nullable Object> context =
                ContextJson.read(ID, "{\"b\":1,\"a\":[1.5,{\"x\":null}],\"t\":\"é\\ud83d\\ude00\",\"yes\":true}");
        assertThat(context.keySet()).containsExactly("b", "a", "t", "yes");
        assertThat(context).containsEntry("b", 1L).containsEntry("t", "é😀").containsEntry("yes", true);
        assertThat(context.get("a"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .first()
                .isEqualTo(new BigDecimal("1.5"));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> context.put("more", 1))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aWholeNumberBeyondALongIsReadExactly() {
        assertThat(ContextJson.read(ID, ContextJson.write(Map.of("n", new BigInteger("92233720368547758070")))))
                .containsEntry("n", new BigDecimal("92233720368547758070"));
    }

    private static boolean written(String text, Object value) {
        return ContextJson.write(Map.of("value", value)).equals("{\"value\":\"" + text + "\"}");
    }
}
