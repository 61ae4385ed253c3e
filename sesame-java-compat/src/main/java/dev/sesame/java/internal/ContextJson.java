package dev.sesame.java.internal;

import dev.sesame.InvalidRequestException;
import dev.sesame.ProtocolException;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Contexts between Java and JSON: what a human is shown going in, what runs coming out.
 *
 * <p>In, only what was made to be shown passes: records, maps and plain values. Out, what was approved is what runs: a value that a
 * class would lose, round or change is refused before anything ran with it. No error holds a value of the context.
 */
public final class ContextJson {
    private ContextJson() {}

    /** The object of these entries. {@link InvalidRequestException} names what can't be written. */
    public static String write(Map<String, ?> context) {
        return asked(() -> JsonText.print(AnyShape.ANY.write(context, Place.CONTEXT)));
    }

    /** The object of this record's components, with {@code null} for those that hold nothing. Throws as {@link #write(Map)} does. */
    public static String write(Record context) {
        return asked(() -> JsonText.print(AnyShape.ANY.write(context, Place.CONTEXT)));
    }

    /** The object that {@code json} is, in few characters. {@link InvalidRequestException} where it is no object in strict JSON. */
    public static String strict(String json) {
        return asked(() -> JsonText.print(object(JsonText.parse(json))));
    }

    /**
     * The entries of an object: text, {@link Boolean}, {@link Long} for whole numbers written without fraction or exponent that fit one,
     * {@link java.math.BigDecimal} for all others, {@link java.util.List}, {@link Map}, and {@code null}. None can be modified; the order
     * is that of the text. {@link ProtocolException} where it is no object in strict JSON.
     */
    public static Map<String, @Nullable Object> read(String approvalId, String json) {
        return approved(approvalId, () -> object(JsonText.parse(json)));
    }

    /**
     * The record that was approved, exactly: {@link ProtocolException} names the field that is missing, unknown, of another type, or that
     * the record would change. {@link InvalidRequestException} where a context can't be read as this class at all.
     */
    public static <R extends Record> R read(String approvalId, String json, Class<R> type) {
        Shape shape = asked(() -> Shapes.of(type, Place.CONTEXT));
        return approved(approvalId, () -> {
            Object tree = object(JsonText.parse(json));
            Object value = shape.read(tree, Place.CONTEXT);
            Fidelity.require(tree, shape.write(value, Place.CONTEXT), Place.CONTEXT);
            return type.cast(value);
        });
    }

    /** The values of {@code fields} that were approved, as strictly as a record. */
    static @Nullable Object[] arguments(String approvalId, String json, Fields fields) {
        return approved(approvalId, () -> {
            Object tree = object(JsonText.parse(json));
            @Nullable Object[] values = fields.read(tree, Place.CONTEXT);
            Fidelity.require(tree, fields.write(values, Place.CONTEXT), Place.CONTEXT);
            return values;
        });
    }

    /** What {@code step} gives; what doesn't fit is the caller's to mend. */
    static <T> T asked(Supplier<T> step) {
        try {
            return step.get();
        } catch (Unfit problem) {
            throw new InvalidRequestException(problem.sentence(), Map.of(problem.path(), problem.problem()), null);
        }
    }

    private static <T> T approved(String approvalId, Supplier<T> step) {
        try {
            return step.get();
        } catch (Unfit problem) {
            throw new ProtocolException(approvalId + ": not run as approved: " + problem.sentence(), null);
        }
    }

    private static Map<String, @Nullable Object> object(@Nullable Object tree) {
        return JsonText.object(tree, Place.CONTEXT);
    }
}
