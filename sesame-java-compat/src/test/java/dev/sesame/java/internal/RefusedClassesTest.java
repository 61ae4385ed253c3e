package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.InvalidRequestException;
import java.io.File;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusedClassesTest {
    private static final String ID = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa";

    @SuppressWarnings("unused") // what must not be seen
    private static final class Customer {
        private final String passwordHash = "secret";

        @Override
        public String toString() {
            return "secret";
        }
    }

    private record Holder(Customer customer) {}

    @SuppressWarnings("ArrayRecordComponent") // which is what is refused
    private record Arrays(int[] numbers) {}

    private record Raw(
            List<?> any, @SuppressWarnings("rawtypes") Map raw) {}

    private record Keys(Map<Integer, String> byNumber) {}

    private record Generic<T>(T value) {}

    @Test
    void aClassThatIsNoRecordIsRefusedAndNothingOfItShown() {
        assertThatThrownBy(() -> ContextJson.write(Map.of("lines", List.of(1, Optional.of(new Customer())))))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        it -> assertThat(it.getFields()).containsOnlyKeys("context.lines[1]"))
                .hasMessageStartingWith("context.lines[1] is a " + Customer.class.getName()
                        + ", which no context takes: it takes records, maps")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> ContextJson.write(new Holder(new Customer())))
                .hasMessageStartingWith("context.customer is a " + Customer.class.getName());
    }

    @Test
    void classesOfTheJdkThatNobodyNamedAreRefused() throws Exception {
        List<Object> others = List.of(
                new Thread(),
                new File("a"),
                InetAddress.getLoopbackAddress(),
                Locale.ROOT,
                new BigDecimal[0],
                'c',
                new Object());
        for (Object other : others) {
            assertThatThrownBy(() -> ContextJson.write(Map.of("it", other)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith("context.it is a ");
        }
    }

    @Test
    void arraysAreAskedForAsLists() {
        assertThatThrownBy(() -> ContextJson.write(new Arrays(new int[] {1})))
                .hasMessage("context.numbers is a int[], which no context takes: use a List");
    }

    @Test
    void keysThatAreNoTextAreRefused() {
        assertThatThrownBy(() -> ContextJson.write(new Keys(Map.of(1, "a"))))
                .hasMessage("context.byNumber is a map with keys that are no text");
        assertThatThrownBy(() -> ContextJson.write(Map.of("by", Map.of(1, "a"))))
                .hasMessage("context.by is a map with keys that are no text");
        Map<String, Integer> nullKey = new HashMap<>();
        nullKey.put(null, 1);
        assertThatThrownBy(() -> ContextJson.write(Map.of("by", nullKey)))
                .hasMessage("context.by is a map with keys that are no text");
    }

    @Test
    void aClassThatDoesNotSayOfWhatCannotBeReadBack() {
        assertThatThrownBy(() -> ContextJson.write(new Raw(List.of(), Map.of())))
                .hasMessage("context.raw is a Map that doesn't say of what, as List<String> does");
        assertThat(ContextJson.write(new Generic<>(List.of(1)))).isEqualTo("{\"value\":[1]}");
        assertThatThrownBy(() -> ContextJson.read(ID, "{\"value\":1}", Generic.class))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("context is a Generic that doesn't say of what, as List<String> does");
    }
}
