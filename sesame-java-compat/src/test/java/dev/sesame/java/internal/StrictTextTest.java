package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.InvalidRequestException;
import dev.sesame.ProtocolException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictTextTest {
    private static final String ID = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa";

    @Test
    void aStrictObjectIsTakenWithoutItsBlanks() {
        assertThat(ContextJson.strict(" {\n\"a\" : [ 1 , \"two\" , null , {} ] }\t"))
                .isEqualTo("{\"a\":[1,\"two\",null,{}]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"a\":1",
                "{'a':\"secret\"}",
                "{\"a\":'secret'}",
                "{name:1}",
                "{\"a\":secret}",
                "{\"a\":1,}",
                "{\"a\":[1,]}",
                "{\"a\":[1,,2]}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":5.}",
                "{\"a\":0x1F}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":-Infinity}",
                "{\"a\":TRUE}",
                "{\"a\":Null}",
                "{\"a\":\"tab\there\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\'\"}",
                "{\"a\"=1}",
                "{\"a\":1;\"b\":2}",
                "{} {}",
                "{}]",
                "{/*c*/}",
                "{} // c",
                "# c\n{}",
                ")]}'\n{}",
                "\uFEFF{}"
            })
    void whatIsNoStrictJsonIsRefusedWithoutBeingShown(String text) {
        assertThatThrownBy(() -> ContextJson.strict(text))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("context")
                .hasMessageNotContaining("secret")
                .hasNoCause();
        assertThatThrownBy(() -> ContextJson.read(ID, text))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(ID)
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "\"text\"", "null", "true"})
    void whatIsNoObjectIsNoContext(String text) {
        assertThatThrownBy(() -> ContextJson.strict(text)).hasMessage("context is no JSON object");
    }

    @Test
    void aNameThatStandsTwiceIsRefusedAtItsPlace() {
        assertThatThrownBy(() -> ContextJson.strict("{\"a\":[{\"amount\":1,\"amount\":9}]}"))
                .hasMessage("context.a[0].amount stands twice in its object");
        assertThatThrownBy(() -> ContextJson.strict("{\"a\":1,\"\\u0061\":null}"))
                .hasMessage("context.a stands twice in its object");
    }

    @Test
    void textBeyondTheBasicPlaneIsKept() {
        assertThat(ContextJson.strict("{\"a\":\"\\ud83d\\ude00 😀\"}")).isEqualTo("{\"a\":\"😀 😀\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d", "\\ude00", "\\ude00\\ud83d", "\\ud83d\\ud83d\\ude00"})
    void halfOfASurrogatePairIsNoText(String escaped) {
        String problem = " holds half of a surrogate pair, which is not text";
        assertThatThrownBy(() -> ContextJson.strict("{\"a\":[\"" + escaped + "\"]}"))
                .hasMessage("context.a[0]" + problem);
        assertThatThrownBy(() -> ContextJson.strict("{\"" + escaped + "\":1}")).hasMessage("context" + problem);
        String half = escaped.substring(0, 6).equals("\\ud83d") ? "a\ud83d" : "\ude00a";
        assertThatThrownBy(() -> ContextJson.write(Map.of("a", half))).hasMessage("context.a" + problem);
        assertThatThrownBy(() -> ContextJson.write(Map.of(half, 1))).hasMessage("context" + problem);
    }

    @Test
    void thePlaceOfAMistakeIsNamed() {
        assertThatThrownBy(() -> ContextJson.strict("{\"a\":{\"b\":[1,oops]}}"))
                .hasMessage("context.a.b[1] is no strict JSON (RFC 8259)");
    }
}
