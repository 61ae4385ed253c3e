package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.ProtocolException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SetOrderTest {
    private static final String ID = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa";

    record Tags(Set<String> tags) {
        Tags {
            tags = Set.copyOf(tags); // its order changes with each start of a JVM
        }
    }

    private record Lines(List<Tags> lines) {}

    @Test
    void theSameSetIsAlwaysTheSameText() {
        assertThat(ContextJson.write(Map.of("a", new LinkedHashSet<>(List.of("c", "a", "b")))))
                .isEqualTo("{\"a\":[\"a\",\"b\",\"c\"]}");
        assertThat(ContextJson.write(Map.of("a", new LinkedHashSet<>(Arrays.asList(10, null, 9)))))
                .isEqualTo("{\"a\":[10,9,null]}");
        assertThat(ContextJson.write(new Tags(Set.of("c", "a", "b")))).isEqualTo("{\"tags\":[\"a\",\"b\",\"c\"]}");
    }

    @Test
    void anApproversOrderOfASetIsNoDifference() {
        Tags tags = ContextJson.read(ID, "{\"tags\":[\"x\",\"a\",\"m\",\"b\",\"q\"]}", Tags.class);
        assertThat(tags.tags()).containsExactlyInAnyOrder("a", "b", "m", "q", "x");
        assertThat(ContextJson.read(ID, "{\"lines\":[{\"tags\":[\"b\",\"a\"]}]}", Lines.class)
                        .lines())
                .hasSize(1);
    }

    @Test
    void whatASetWouldLoseIsRefused() {
        assertThatThrownBy(() -> ContextJson.read(ID, "{\"tags\":[\"a\",\"a\"]}", Tags.class))
                .isInstanceOf(ProtocolException.class)
                .hasMessageEndingWith("context.tags holds the same twice, which a set can't");
    }
}
