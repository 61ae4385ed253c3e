package dev.sesame.java.internal;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a request's headers say about its body. */
public final class SentContent {
    private SentContent() {}

    /** Whether the body is JSON in UTF-8, and not compressed; header names are compared without regard to case. */
    public static boolean isPlainJson(Map<String, List<String>> headers) {
        if (!values(headers, "content-encoding").isEmpty()) return false;
        List<String> types = values(headers, "content-type");
        if (types.isEmpty()) return false;
        String[] parts = types.get(0).toLowerCase(Locale.ROOT).split(";", -1);
        if (!parts[0].strip().equals("application/json")) return false;
        for (int index = 1; index < parts.length; index++) {
            String parameter = parts[index].strip();
            if (parameter.startsWith("charset=")
                    && !parameter.equals("charset=utf-8")
                    && !parameter.equals("charset=\"utf-8\"")) {
                return false;
            }
        }
        return true;
    }

    private static List<String> values(Map<String, List<String>> headers, String name) {
        return headers.entrySet().stream()
                .filter(header -> name.equalsIgnoreCase(header.getKey()))
                .flatMap(header -> header.getValue().stream())
                .toList();
    }
}
