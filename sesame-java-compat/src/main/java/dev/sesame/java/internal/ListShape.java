package dev.sesame.java.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A list or a set as an array; none that was read can be modified. */
record ListShape(Shape item, boolean isSet) implements Shape {
    @Override
    public Object write(Object value, Place place) {
        List<@Nullable Object> items = new ArrayList<>();
        for (Object element : (Collection<?>) value) items.add(item.writeNullable(element, place.item(items.size())));
        return value instanceof Set ? Unordered.of(items) : Collections.unmodifiableList(items);
    }

    @Override
    public Object read(Object tree, Place place) {
        if (!(tree instanceof List<?> array)) throw new Unfit(place, "is no JSON array");
        List<@Nullable Object> items = new ArrayList<>();
        for (Object element : array) items.add(item.readNullable(element, place.item(items.size())));
        if (!isSet) return Collections.unmodifiableList(items);
        Set<@Nullable Object> set = new LinkedHashSet<>(items);
        if (set.size() < items.size()) throw new Unfit(place, "holds the same twice, which a set can't");
        return Collections.unmodifiableSet(set);
    }
}
