package dev.sesame.java.internal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map with text for keys as an object; none that was read can be modified. */
record MapShape(Shape value) implements Shape {
    @Override
    public Object write(Object map, Place place) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
            if (!(entry.getKey() instanceof String key)) throw new Unfit(place, "is a map with keys that are no text");
            object.put(WholeText.require(key, place), value.writeNullable(entry.getValue(), place.field(key)));
        }
        return Collections.unmodifiableMap(object);
    }

    @Override
    public Object read(Object tree, Place place) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        JsonText.object(tree, place)
                .forEach((key, element) -> map.put(key, value.readNullable(element, place.field(key))));
        return Collections.unmodifiableMap(map);
    }
}
