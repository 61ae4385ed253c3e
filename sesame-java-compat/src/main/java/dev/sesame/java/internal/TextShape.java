package dev.sesame.java.internal;

import java.time.DateTimeException;
import java.util.function.Function;

/** What stands as text, such as an instant or an id. */
record TextShape(String words, Function<String, Object> parse) implements Shape {
    @Override
    public Object write(Object value, Place place) {
        return WholeText.require(value.toString(), place);
    }

    @Override
    public Object read(Object tree, Place place) {
        try {
            if (tree instanceof String text) return parse.apply(text);
        } catch (DateTimeException | IllegalArgumentException problem) { // their messages hold the text
            throw new Unfit(place, "is no " + words);
        }
        throw new Unfit(place, "is no " + words);
    }

    @Override
    public boolean isSingle() {
        return true;
    }
}
