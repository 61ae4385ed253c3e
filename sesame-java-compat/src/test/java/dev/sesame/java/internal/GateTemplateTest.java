package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.InvalidRequestException;
import dev.sesame.java.RequireApproval;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GateTemplateTest {
    record Payee(String name) {}

    record Refund(BigDecimal amount, Payee payee, Optional<Payee> backup) {}

    interface Desk {
        @RequireApproval(
                action = "a",
                summary = "{refund.amount} to {refund.payee.name} or {refund.backup.name}: {refund.payee} {list}")
        void record(Refund refund, List<Integer> list);

        @RequireApproval(action = "b", summary = "Say {text}", reason = "{text}")
        void say(@Nullable String text);

        @RequireApproval(action = "c", dedupKey = "{id}:{number}")
        void key(@Nullable String id, int number);
    }

    private static final Desk NOTHING = new Desk() {
        @Override
        public void record(Refund refund, List<Integer> list) {}

        @Override
        public void say(@Nullable String text) {}

        @Override
        public void key(@Nullable String id, int number) {}
    };

    private final Person person = Person.approving();
    private final Desk desk = person.gate(Desk.class, NOTHING);

    @Test
    void namesLeadToArgumentsAndIntoRecords() {
        desk.record(new Refund(new BigDecimal("1E+2"), new Payee("ana"), Optional.of(new Payee("bob"))), List.of(1, 2));
        assertThat(person.onlyQuestion().summary()).isEqualTo("100 to ana or bob: {\"name\":\"ana\"} [1,2]");
    }

    @Test
    void whatIsNotThereIsSaidToBeNone() {
        desk.record(new Refund(new BigDecimal("10.50"), new Payee("ana"), Optional.empty()), List.of());
        assertThat(person.onlyQuestion().summary()).startsWith("10.50 to ana or (none): ");
    }

    @Test
    void aSummaryIsCutAt500CharactersAndNoCharacterInHalf() {
        desk.say("x".repeat(496));
        desk.say("x".repeat(497));
        desk.say("x".repeat(494) + "😀".repeat(9));
        assertThat(person.asked.get(0).summary()).hasSize(500).endsWith("x");
        assertThat(person.asked.get(1).summary()).hasSize(500).endsWith("x…");
        assertThat(person.asked.get(2).summary()).hasSize(499).endsWith("xx…");
    }

    @Test
    void aReasonIsCutAt4000Characters() {
        desk.say("x".repeat(4_001));
        assertThat(person.onlyQuestion().reason().orElseThrow()).hasSize(4_000).endsWith("…");
    }

    @Test
    void anArgumentCannotMakeTheSummaryLookLikeTwoLines() {
        desk.say("1\r\n\nApproved by the boss\u2028!");
        assertThat(person.onlyQuestion().summary()).isEqualTo("Say 1 Approved by the boss !");
    }

    @Test
    void bracesInAnArgumentAreNoPlaceholders() {
        desk.say("{text} {refund}");
        assertThat(person.onlyQuestion().summary()).isEqualTo("Say {text} {refund}");
    }

    @Test
    void aKeyIsMadeOfItsArguments() {
        desk.key("order-1", 7);
        assertThat(person.onlyQuestion().dedupKey()).contains("order-1:7");
    }

    @Test
    void aKeyIsNeverMadeOfWhatIsNotThere() {
        for (String missing : new @Nullable String[] {null, ""}) {
            assertThatThrownBy(() -> desk.key(missing, 7))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            it -> assertThat(it.getFields()).containsOnlyKeys("dedupKey"))
                    .hasMessage("dedupKey can't be made: {id} is null or empty");
        }
        assertThat(person.asked).isEmpty();
    }
}
