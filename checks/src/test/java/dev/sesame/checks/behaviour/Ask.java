package dev.sesame.checks.behaviour;

import java.time.Duration;

/** A question in words that every caller can put into its own. What may be {@code null} is left to the default. */
record Ask(String action, String context, String dedupKey, Duration expiresIn) {
    static Ask of(String action) {
        return new Ask(action, "{\"cents\":4200}", null, null);
    }

    Ask context(String json) {
        return new Ask(action, json, dedupKey, expiresIn);
    }

    Ask dedupKey(String key) {
        return new Ask(action, context, key, expiresIn);
    }

    Ask expiresIn(Duration time) {
        return new Ask(action, context, dedupKey, time);
    }
}
