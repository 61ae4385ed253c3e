package dev.sesame.java.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The last look before anything runs: what was read, written again, is what was approved.
 *
 * <p>Numbers are the same where their values are, exactly; a set's items in any order. A name that was left out is the same as one with
 * {@code null}: {@link Fields} lets only an {@link java.util.Optional} be left out.
 */
final class Fidelity {
    private Fidelity() {}

    static void require(@Nullable Object approved, @Nullable Object written, Place place) {
        if (approved instanceof Map<?, ?> object && written instanceof Map<?, ?> other) {
            requireObject(object, other, place);
        } else if (approved instanceof List<?> array && written instanceof List<?> other) {
            requireArray(array, other, place);
        } else if (approved instanceof List<?> array && written instanceof Unordered set) {
            requireArray(Unordered.of(new ArrayList<>(array)).items(), set.items(), place);
        } else if (!isSame(approved, written)) {
            throw changed(place);
        }
    }

    private static void requireObject(Map<?, ?> approved, Map<?, ?> written, Place place) {
        for (Map.Entry<?, ?> entry : approved.entrySet()) {
            Place below = place.field((String) entry.getKey());
            if (!written.containsKey(entry.getKey())) throw changed(below);
            require(entry.getValue(), written.get(entry.getKey()), below);
        }
        for (Map.Entry<?, ?> entry : written.entrySet()) {
            boolean isAdded = entry.getValue() != null && !approved.containsKey(entry.getKey());
            if (isAdded) throw changed(place.field((String) entry.getKey()));
        }
    }

    private static void requireArray(List<?> approved, List<?> written, Place place) {
        if (approved.size() != written.size()) throw changed(place);
        for (int index = 0; index < approved.size(); index++) {
            require(approved.get(index), written.get(index), place.item(index));
        }
    }

    private static boolean isSame(@Nullable Object approved, @Nullable Object written) {
        if (approved instanceof Number number && written instanceof Number other) {
            return ExactNumber.decimal(number).compareTo(ExactNumber.decimal(other)) == 0;
        }
        return Objects.equals(approved, written);
    }

    private static Unfit changed(Place place) {
        return new Unfit(place, "would not be what was approved, once it is read into its class");
    }
}
