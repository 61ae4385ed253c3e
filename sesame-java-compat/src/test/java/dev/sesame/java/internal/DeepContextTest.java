package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.InvalidRequestException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeepContextTest {
    private static final String ID = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa";

    @ParameterizedTest
    @ValueSource(ints = {1, 32, 33, 64})
    void whatABrokerTakesAndMoreIsWrittenAndReadItIsTheBrokersToRefuse(int levels) {
        String json = "{\"a\":".repeat(levels) + "1" + "}".repeat(levels);
        assertThat(ContextJson.strict(json)).isEqualTo(json);
        assertThat(ContextJson.write(ContextJson.read(ID, json))).isEqualTo(json);
    }

    @Test
    void textThatWouldFillTheStackIsRefused() {
        assertThatThrownBy(() -> ContextJson.strict("{\"a\":" + "[".repeat(100_000)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith("is nested more than 64 levels deep");
    }

    @Test
    void whatHoldsItselfIsRefused() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        Map<String, Object> map = new HashMap<>();
        map.put("self", map);
        assertThatThrownBy(() -> ContextJson.write(Map.of("a", list)))
                .hasMessageEndingWith("is nested more than 64 levels deep");
        assertThatThrownBy(() -> ContextJson.write(map)).hasMessageEndingWith("is nested more than 64 levels deep");
    }
}
