package dev.sesame.java.internal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and shapes in order: the components of a record, or the parameters of a method, as a JSON object. */
record Fields(String owner, List<String> names, List<Shape> shapes) {
    Map<String, @Nullable Object> write(@Nullable Object[] values, Place place) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int index = 0; index < values.length; index++) {
            String name = names.get(index);
            object.put(name, shapes.get(index).writeNullable(values[index], place.field(name)));
        }
        return Collections.unmodifiableMap(object);
    }

    /** The values in order. A name that is not among these, or missing, is {@link Unfit}: nothing is dropped, nothing made up. */
    @Nullable
    Object[] read(Object tree, Place place) {
        Map<String, @Nullable Object> object = JsonText.object(tree, place);
        for (String name : object.keySet()) {
            if (!names.contains(name)) throw new Unfit(place.field(name), "is not known to " + owner);
        }
        @Nullable Object[] values = new @Nullable Object[names.size()];
        for (int index = 0; index < values.length; index++) {
            String name = names.get(index);
            Shape shape = shapes.get(index);
            if (!object.containsKey(name) && !shape.mayBeAbsent()) throw new Unfit(place.field(name), "is missing");
            values[index] = shape.readNullable(object.get(name), place.field(name));
        }
        return values;
    }

    /** The shape of the field {@code name}; {@code null} where there is none. */
    @Nullable
    Shape shape(String name) {
        int index = names.indexOf(name);
        return index < 0 ? null : shapes.get(index);
    }
}
