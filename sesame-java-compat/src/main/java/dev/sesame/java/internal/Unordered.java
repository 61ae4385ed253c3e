package dev.sesame.java.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a set is in a tree: its items in the order of their JSON text.
 *
 * <p>The order in which a set is walked may change with each start of the JVM; the context of the same call must not, or its dedup key
 * would stand for another question.
 */
record Unordered(List<@Nullable Object> items) {
    static Unordered of(List<@Nullable Object> items) {
        List<@Nullable Object> sorted = new ArrayList<>(items);
        sorted.sort(Comparator.comparing(JsonText::print));
        return new Unordered(Collections.unmodifiableList(sorted));
    }
}
