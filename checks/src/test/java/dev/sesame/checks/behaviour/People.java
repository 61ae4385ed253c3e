package dev.sesame.checks.behaviour;

import java.time.Duration;

/** The people behind a broker, and the time that passes there. */
interface People {
    /** The id of the pending question for that action, once it is there. */
    String asked(String action);

    void approve(String id);

    void deny(String id, String note);

    /** Lets the time for an answer pass that was {@link #SHORTEST} long. */
    void saysNothing(String id);

    /** The ids of all questions for that action, whatever became of them. */
    int countOf(String action);

    /** The shortest expiry there is. */
    Duration SHORTEST = Duration.ofSeconds(10);
}
