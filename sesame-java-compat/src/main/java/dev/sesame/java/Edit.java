package dev.sesame.java;

import dev.sesame.internal.JavaValues;
import java.util.Optional;

/** One top-level field of a context that an approver changed before approving. */
public final class Edit {
    private final dev.sesame.Edit edit;

    Edit(dev.sesame.Edit edit) {
        this.edit = edit;
    }

    /** Its name. */
    public String field() {
        return edit.getField();
    }

    /** Its value as it was asked, as JSON text; empty where it wasn't there. */
    public Optional<String> beforeJson() {
        return Optional.ofNullable(JavaValues.beforeJson(edit));
    }

    /** Its value as it was approved, as JSON text; empty where it isn't there any more. */
    public Optional<String> afterJson() {
        return Optional.ofNullable(JavaValues.afterJson(edit));
    }

    /** For logs: never a value. */
    @Override
    public String toString() {
        return edit.toString();
    }
}
