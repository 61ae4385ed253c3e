package dev.sesame.java.internal;

import java.util.regex.Pattern;

/** Text of a given length at most, ending with an ellipsis where it was cut. */
final class Line {
    private static final Pattern BREAKS = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");

    private Line() {}

    /** On one line: an argument must not be able to look like a second one. */
    static String of(String text, int longest) {
        return cut(BREAKS.matcher(text).replaceAll(" "), longest);
    }

    static String cut(String text, int longest) {
        if (text.length() <= longest) return text;
        int end = longest - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
