package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.InvalidRequestException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactNumbersTest {
    private static final String ID = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa";

    @Test
    void numbersAreWrittenAsTheyAre() {
        assertThat(written(0.1)).isEqualTo("0.1");
        assertThat(written(0.1f)).isEqualTo("0.1");
        assertThat(written(new BigDecimal("10.50"))).isEqualTo("10.50");
        assertThat(written(Long.MAX_VALUE)).isEqualTo("9223372036854775807");
        assertThat(written(new BigInteger("18446744073709551616"))).isEqualTo("18446744073709551616");
        assertThat(written(new BigDecimal("0.1000000000000000055511151231257827")))
                .isEqualTo("0.1000000000000000055511151231257827");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.1",
                "10.50",
                "9223372036854775807",
                "9007199254740993",
                "1E+400",
                "-0.0000001",
                "12345678901234567890.5"
            })
    void textKeepsEveryDigit(String number) {
        BigDecimal exact = new BigDecimal(number);
        String json = ContextJson.strict("{\"n\": " + number + "}");
        assertThat(json).isIn("{\"n\":" + number + "}", "{\"n\":" + exact + "}");
        Object read = ContextJson.read(ID, json).get("n");
        assertThat(new BigDecimal(String.valueOf(read))).isEqualByComparingTo(exact);
    }

    @Test
    void wholeNumbersThatFitAreLongAndAllOthersDecimal() {
        assertThat(ContextJson.read(ID, "{\"n\":[1,-9223372036854775808,9223372036854775808,1.0,1e2]}")
                        .get("n"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .isEqualTo(List.of(
                        1L,
                        Long.MIN_VALUE,
                        new BigDecimal("9223372036854775808"),
                        new BigDecimal("1.0"),
                        new BigDecimal("1e2")));
    }

    @Test
    void whatIsNoNumberInJsonIsRefusedByName() {
        for (Number number : List.of(Double.NaN, Double.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)) {
            assertThatThrownBy(() -> ContextJson.write(Map.of("rate", number)))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            it -> assertThat(it.getFields()).containsOnlyKeys("context.rate"))
                    .hasMessageContaining("context.rate is not a number or infinite");
        }
    }

    @Test
    void numbersThatNobodyCanHoldAreRefusedBeforeAnyoneTries() {
        for (String number :
                List.of("1e999999999", "1e-99999999999", "1e99999999999999999999", "1".repeat(65), "-1e2147483648")) {
            assertThatThrownBy(() -> ContextJson.strict("{\"n\":" + number + "}"))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith(
                            "context.n is a number of more than 64 digits or with an exponent beyond 1000")
                    .hasMessageNotContaining(number);
        }
        assertThatThrownBy(() -> ContextJson.write(Map.of("n", new BigDecimal("1e-2000"))))
                .hasMessageContaining("context.n");
        assertThatThrownBy(() -> ContextJson.write(Map.of("n", BigInteger.TWO.pow(1000))))
                .hasMessageContaining("context.n");
    }

    private static String written(Number number) {
        String json = ContextJson.write(Map.of("n", number));
        return json.substring("{\"n\":".length(), json.length() - 1);
    }
}
