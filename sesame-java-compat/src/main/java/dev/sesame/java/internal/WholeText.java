package dev.sesame.java.internal;

/** Text that is Unicode: half of a surrogate pair would become a question mark on its way. */
final class WholeText {
    private WholeText() {}

    static String require(String text, Place place) {
        boolean isWhole = text.codePoints().noneMatch(point -> Character.getType(point) == Character.SURROGATE);
        if (!isWhole) throw new Unfit(place, "holds half of a surrogate pair, which is not text");
        return text;
    }
}
