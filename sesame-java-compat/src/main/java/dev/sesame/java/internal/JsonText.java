package dev.sesame.java.internal;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Strict JSON (RFC 8259) as a tree, and back: maps, lists, text, booleans, {@code null}, and numbers that are never a double.
 *
 * <p>A name that stands twice in an object is refused: readers differ in which of the two they take.
 */
final class JsonText {
    private JsonText() {}

    static @Nullable Object parse(String text) {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        try {
            if (text.startsWith("\uFEFF"))
                throw new Unfit(Place.CONTEXT, "starts with a byte order mark, which is no JSON");
            Object tree = read(reader, Place.CONTEXT);
            if (reader.peek() != JsonToken.END_DOCUMENT) throw new Unfit(Place.CONTEXT, "is more than one JSON value");
            return tree;
        } catch (IOException problem) { // its message may hold a piece of the text
            throw new Unfit(new Place("context" + reader.getPath().substring(1), 0), "is no strict JSON (RFC 8259)");
        }
    }

    static String print(@Nullable Object tree) {
        StringWriter text = new StringWriter();
        try (JsonWriter writer = new JsonWriter(text)) {
            write(tree, writer);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem); // there is none in memory
        }
        return text.toString();
    }

    /** The object that {@code tree} is. */
    @SuppressWarnings("unchecked") // a tree's maps have no other keys
    static Map<String, @Nullable Object> object(@Nullable Object tree, Place place) {
        if (tree instanceof Map<?, ?> map) return (Map<String, @Nullable Object>) map;
        throw new Unfit(place, "is no JSON object");
    }

    private static @Nullable Object read(JsonReader reader, Place place) throws IOException {
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> readObject(reader, place);
            case BEGIN_ARRAY -> readArray(reader, place);
            case STRING -> WholeText.require(reader.nextString(), place);
            case NUMBER -> ExactNumber.parse(reader.nextString(), place);
            case BOOLEAN -> reader.nextBoolean();
            case NULL -> {
                reader.nextNull();
                yield null;
            }
            default -> throw new Unfit(place, "is no JSON value");
        };
    }

    private static Map<String, @Nullable Object> readObject(JsonReader reader, Place place) throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = WholeText.require(reader.nextName(), place);
            Place below = place.field(name);
            if (object.containsKey(name)) throw new Unfit(below, "stands twice in its object");
            object.put(name, read(reader, below));
        }
        reader.endObject();
        return Collections.unmodifiableMap(object);
    }

    private static List<@Nullable Object> readArray(JsonReader reader, Place place) throws IOException {
        List<@Nullable Object> array = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) array.add(read(reader, place.item(array.size())));
        reader.endArray();
        return Collections.unmodifiableList(array);
    }

    private static void write(@Nullable Object tree, JsonWriter writer) throws IOException {
        switch (tree) {
            case null -> writer.nullValue();
            case Map<?, ?> map -> {
                writer.beginObject();
                for (Map.Entry<?, ?> entry : map.entrySet())
                    write(entry.getValue(), writer.name((String) entry.getKey()));
                writer.endObject();
            }
            case List<?> list -> {
                writer.beginArray();
                for (Object item : list) write(item, writer);
                writer.endArray();
            }
            case Unordered set -> write(set.items(), writer);
            case Boolean truth -> writer.value(truth);
            case Number number -> writer.value(number);
            default -> writer.value((String) tree);
        }
    }
}
