package dev.sesame.java.internal;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A text with places for arguments: {@code Refund {refund.amount} to {customer}}. A brace has no other use in it. */
final class Template {
    private static final Pattern PART =
            Pattern.compile("[^{}]+|\\{([\\p{L}_$][\\p{L}\\p{N}_$]*(?:\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*)}");

    private final Place attribute;
    private final List<Part> parts;

    /** Literal text, or the names that lead to an argument. */
    private record Part(String text, List<String> names) {}

    private Template(Place attribute, List<Part> parts) {
        this.attribute = attribute;
        this.parts = parts;
    }

    /** {@link Unfit} where a brace stands alone, or a name is none of the {@code arguments}. */
    static Template of(String attribute, String text, Fields arguments) {
        Place place = Place.named(attribute);
        List<Part> parts = new ArrayList<>();
        Matcher matcher = PART.matcher(text);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            String path = matcher.group(1);
            parts.add(path == null ? new Part(matcher.group(), List.of()) : new Part("", List.of(path.split("\\."))));
            end = matcher.end();
        }
        if (end < text.length()) {
            throw new Unfit(
                    place,
                    "has a brace at character " + (end + 1)
                            + " that encloses no name: write {name} or {name.component}");
        }
        Template template = new Template(place, List.copyOf(parts));
        for (Part part : template.parts) if (!part.names().isEmpty()) template.shapeOf(part, arguments);
        return template;
    }

    /** The same, for a key: each name must lead to something that is always there and is a single value. */
    static Template ofKey(String attribute, String text, Fields arguments) {
        Template template = of(attribute, text, arguments);
        for (Part part : template.parts) {
            if (!part.names().isEmpty() && !template.shapeOf(part, arguments).isSingle()) {
                throw new Unfit(
                        template.attribute,
                        "can't be made of " + inBraces(part) + ", which is not a single value that is always there");
            }
        }
        return template;
    }

    /** The text with the arguments of this context. */
    String fill(Map<String, @Nullable Object> context) {
        StringBuilder filled = new StringBuilder();
        for (Part part : parts) filled.append(part.names().isEmpty() ? part.text() : textOf(valueOf(part, context)));
        return filled.toString();
    }

    /** The same, for a key: {@link Unfit} where an argument is {@code null} or empty, for then two calls could share a key. */
    String fillKey(Map<String, @Nullable Object> context) {
        for (Part part : parts) {
            if (part.names().isEmpty()) continue;
            Object value = valueOf(part, context);
            if (value == null || value.equals("")) {
                throw new Unfit(attribute, "can't be made: " + inBraces(part) + " is null or empty");
            }
        }
        return fill(context);
    }

    private Shape shapeOf(Part part, Fields arguments) {
        @Nullable Fields within = arguments;
        @Nullable Shape shape = null;
        for (String name : part.names()) {
            shape = within == null ? null : within.shape(name);
            if (shape == null)
                throw new Unfit(attribute, "names " + inBraces(part) + ", but there is no " + name + among(within));
            Shape content = shape instanceof OptionalShape optional ? optional.content() : shape;
            within = content instanceof RecordShape nested ? nested.fields() : null;
        }
        return Objects.requireNonNull(shape);
    }

    private static String among(@Nullable Fields fields) {
        if (fields == null) return " in what is no record";
        return fields.names().isEmpty()
                ? ": " + fields.owner() + " has none"
                : " among " + String.join(", ", fields.names());
    }

    private static @Nullable Object valueOf(Part part, Map<String, @Nullable Object> context) {
        @Nullable Object value = context;
        for (String name : part.names()) value = value instanceof Map<?, ?> object ? object.get(name) : null;
        return value;
    }

    private static String textOf(@Nullable Object value) {
        if (value == null) return "(none)";
        if (value instanceof String text) return text;
        return value instanceof BigDecimal number ? number.toPlainString() : JsonText.print(value);
    }

    private static String inBraces(Part part) {
        return "{" + String.join(".", part.names()) + "}";
    }
}
