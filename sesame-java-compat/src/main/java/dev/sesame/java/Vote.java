package dev.sesame.java;

import dev.sesame.Answer;
import java.time.Instant;
import java.util.Optional;

/** One approver's answer. */
public final class Vote {
    private final dev.sesame.Vote vote;

    Vote(dev.sesame.Vote vote) {
        this.vote = vote;
    }

    /** Who answered. */
    public Person by() {
        return new Person(vote.getBy());
    }

    /** What they answered. */
    public Answer answer() {
        return vote.getVote();
    }

    /** When. */
    public Instant at() {
        return vote.getAt();
    }

    /** By which channel: {@code inbox}, {@code telegram}, {@code push}, {@code api}, {@code cli}. */
    public String via() {
        return vote.getVia();
    }

    /** What they wrote with it. */
    public Optional<String> note() {
        return Optional.ofNullable(vote.getNote());
    }

    /** For logs: never a key, a token or a context. */
    @Override
    public String toString() {
        return answer() + " by " + by();
    }
}
