package dev.sesame.checks.behaviour;

/** One way to call one kind of broker. Brokers are started once and live as long as these tests. */
enum World {
    KOTLIN_ON_FAKE(Place.FAKE, KotlinCaller::new),
    KOTLIN_ON_BROKER(Place.REAL, KotlinCaller::new),
    BLOCKING_ON_FAKE(Place.FAKE, BlockingCaller::new),
    BLOCKING_ON_BROKER(Place.REAL, BlockingCaller::new),
    ASYNC_ON_FAKE(Place.FAKE, AsyncCaller::new),
    ASYNC_ON_BROKER(Place.REAL, AsyncCaller::new);

    private final Place place;
    private final View view;

    World(Place place, View view) {
        this.place = place;
        this.view = view;
    }

    /** Makes a caller of the broker at that address, with that key. */
    interface View {
        Caller of(String url, String key);
    }

    People people() {
        return place.getPeople();
    }

    Caller caller() {
        return caller(place.getKey());
    }

    Caller caller(String key) {
        return view.of(place.getUrl(), key);
    }

    /** One that can't reach any broker. */
    Caller lost() {
        return view.of("http://127.0.0.1:1", place.getKey());
    }
}
