package dev.sesame.java.internal;

/** Where in a context a value stands, such as {@code context.lines[1].amount}, and how deep that is. */
record Place(String path, int depth) {
    /** Twice what a broker takes, which says so itself; here it ends what holds itself, before the stack does. */
    private static final int DEEPEST = 64;

    static final Place CONTEXT = new Place("context", 0);

    static Place named(String name) {
        return new Place(name, 0);
    }

    Place field(String name) {
        return below("." + name);
    }

    Place item(int index) {
        return below("[" + index + "]");
    }

    /** Any item, where only the type is looked at. */
    Place items() {
        return below("[]");
    }

    private Place below(String step) {
        if (depth == DEEPEST) throw new Unfit(this, "is nested more than " + DEEPEST + " levels deep");
        return new Place(path + step, depth + 1);
    }
}
