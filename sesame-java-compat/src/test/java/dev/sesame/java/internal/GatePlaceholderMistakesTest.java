package dev.sesame.java.internal;

import static dev.sesame.java.internal.GateMistakesTest.refuses;

import dev.sesame.java.RequireApproval;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GatePlaceholderMistakesTest {
    record Refund(long amount, Optional<String> note) {}

    interface Unknown {
        @RequireApproval(action = "a", summary = "Refund {amout}")
        void run(long amount, String customer);
    }

    interface UnknownComponent {
        @RequireApproval(action = "a", reason = "For {refund.amout}")
        void run(Refund refund);
    }

    interface IntoText {
        @RequireApproval(action = "a", summary = "{name.length}")
        void run(String name, Map<String, String> more);
    }

    interface NoParameters {
        @RequireApproval(action = "a", summary = "{name}")
        void run();
    }

    interface Open {
        @RequireApproval(action = "a", summary = "Refund {amount")
        void run(long amount);
    }

    interface Closed {
        @RequireApproval(action = "a", summary = "amount}")
        void run(long amount);
    }

    interface Empty {
        @RequireApproval(action = "a", summary = "Refund {}")
        void run(long amount);
    }

    interface Doubled {
        @RequireApproval(action = "a", summary = "Refund {{amount}}")
        void run(long amount);
    }

    interface Spaced {
        @RequireApproval(action = "a", summary = "Refund { amount }")
        void run(long amount);
    }

    interface KeyOfList {
        @RequireApproval(action = "a", dedupKey = "{ids}")
        void run(List<String> ids);
    }

    interface KeyOfOptional {
        @RequireApproval(action = "a", dedupKey = "{refund.note}")
        void run(Refund refund);
    }

    @Test
    void aNameThatIsNoArgumentIsAMistake() {
        refuses(
                Unknown.class,
                "Unknown.run(long, String): summary names {amout}, but there is no amout among amount, customer");
        refuses(
                UnknownComponent.class,
                "UnknownComponent.run(Refund): reason names {refund.amout}, but there is no amout among amount, note");
        refuses(
                IntoText.class,
                "IntoText.run(String, Map<String, String>): summary names {name.length}, but there is no length in what is no record");
        refuses(
                NoParameters.class,
                "NoParameters.run(): summary names {name}, but there is no name: NoParameters.run has none");
    }

    @Test
    void aBraceThatEnclosesNoNameIsAMistake() {
        String problem = "that encloses no name: write {name} or {name.component}";
        refuses(Open.class, "Open.run(long): summary has a brace at character 8 " + problem);
        refuses(Closed.class, "Closed.run(long): summary has a brace at character 7 " + problem);
        refuses(Empty.class, "Empty.run(long): summary has a brace at character 8 " + problem);
        refuses(Doubled.class, "Doubled.run(long): summary has a brace at character 8 " + problem);
        refuses(Spaced.class, "Spaced.run(long): summary has a brace at character 8 " + problem);
    }

    @Test
    void aKeyOfSeveralOrMaybeNoValuesIsAMistake() {
        refuses(
                KeyOfList.class,
                "KeyOfList.run(List<String>): dedupKey can't be made of {ids}, which is not a single value that is always there");
        refuses(KeyOfOptional.class, "KeyOfOptional.run(Refund): dedupKey can't be made of {refund.note}");
    }
}
