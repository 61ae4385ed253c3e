package dev.sesame.java.internal;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which types a context takes, and the shape of each. The list is of what is allowed: any other class is refused, so that nobody is shown
 * the private fields of something that was never meant to be seen.
 */
final class Shapes {
    private static final String ALLOWED =
            "records, maps with text keys, lists, sets, Optional, text, numbers, booleans, enums, UUID, URI, "
                    + "and of java.time Instant, LocalDate, LocalDateTime, OffsetDateTime, ZonedDateTime and Duration";

    /** A record that holds itself finds its own shape here. */
    private final Map<Type, RecordShape> known = new HashMap<>();

    private Shapes() {}

    /** The shape of a type without variables; {@code place} is where it stands, for the refusal. */
    static Shape of(Type type, Place place) {
        return new Shapes().find(type, place);
    }

    /** The shape of values of this class; what its variables stand for is not known, so their values are written as they are. */
    static Shape ofRaw(Class<?> type, Place place) {
        if (type == Object.class) throw refused(type, place);
        int variables = type.getTypeParameters().length;
        boolean isOpen = type.isRecord() && variables > 0;
        return of(isOpen ? new Parameterized(type, Collections.nCopies(variables, Object.class)) : type, place);
    }

    private Shape find(Type type, Place place) {
        if (type instanceof Parameterized generic) return generic(generic, place);
        Class<?> plain = (Class<?>) type;
        Shape leaf = Leaves.OF.get(plain);
        if (leaf != null) return leaf;
        if (plain == Object.class) return AnyShape.ANY;
        if (plain.isEnum()) return new EnumShape(plain);
        if (plain.isArray())
            throw new Unfit(place, "is a " + plain.getSimpleName() + ", which no context takes: use a List");
        if (plain.getTypeParameters().length > 0 && (plain.isRecord() || isContainer(plain))) {
            throw new Unfit(place, "is a " + plain.getSimpleName() + " that doesn't say of what, as List<String> does");
        }
        if (plain.isRecord()) return record(plain, plain, List.of(), place);
        throw refused(plain, place);
    }

    private Shape generic(Parameterized type, Place place) {
        Class<?> raw = type.raw();
        List<Type> arguments = type.arguments();
        if (raw == Optional.class) return new OptionalShape(find(arguments.get(0), place));
        if (raw == List.class || raw == Collection.class)
            return new ListShape(find(arguments.get(0), place.items()), false);
        if (raw == Set.class) return new ListShape(find(arguments.get(0), place.items()), true);
        if (raw == Map.class && arguments.get(0) == String.class)
            return new MapShape(find(arguments.get(1), place.items()));
        if (raw == Map.class) throw new Unfit(place, "is a map with keys that are no text");
        if (raw.isRecord()) return record(type, raw, arguments, place);
        throw refused(raw, place);
    }

    private Shape record(Type type, Class<?> raw, List<Type> arguments, Place place) {
        RecordShape before = known.get(type);
        if (before != null) return before;
        RecordShape shape = new RecordShape(raw, place);
        known.put(type, shape);
        TypeVariables variables = TypeVariables.of(raw, arguments);
        RecordComponent[] components = raw.getRecordComponents();
        List<Shape> shapes = new ArrayList<>();
        for (RecordComponent component : components) {
            Place below = place.field(component.getName());
            shapes.add(find(variables.close(component.getGenericType(), below), below));
        }
        List<String> names =
                Arrays.stream(components).map(RecordComponent::getName).toList();
        shape.complete(new Fields(raw.getSimpleName(), names, List.copyOf(shapes)));
        return shape;
    }

    private static boolean isContainer(Class<?> type) {
        return type == List.class
                || type == Set.class
                || type == Collection.class
                || type == Map.class
                || type == Optional.class;
    }

    private static Unfit refused(Class<?> type, Place place) {
        return new Unfit(place, "is a " + type.getName() + ", which no context takes: it takes " + ALLOWED);
    }
}
