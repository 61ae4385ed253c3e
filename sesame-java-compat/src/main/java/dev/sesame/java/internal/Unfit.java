package dev.sesame.java.internal;

/** What stands at {@code path} can't be what it has to be. Says so without the value; goes out as one of Sesame's own exceptions. */
final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String path;
    private final String problem;

    Unfit(Place place, String problem) {
        super(place.path() + " " + problem, null, false, false);
        this.path = place.path();
        this.problem = problem;
    }

    String path() {
        return path;
    }

    String problem() {
        return problem;
    }

    String sentence() {
        return path + " " + problem;
    }
}
