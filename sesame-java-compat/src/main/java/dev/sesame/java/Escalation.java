package dev.sesame.java;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who else is asked by a policy's rule where nobody has decided in time; it never takes anybody's say away. */
public final class Escalation {
    private final dev.sesame.Escalation escalation;

    Escalation(dev.sesame.Escalation escalation) {
        this.escalation = escalation;
    }

    /** When they are asked, if it is pending then. */
    public Instant at() {
        return escalation.getAt();
    }

    /** Whose people are asked then, beside those who are asked already. */
    public List<String> groups() {
        return List.copyOf(escalation.getGroups());
    }

    /** When they were; empty where they weren't, or not yet. */
    public Optional<Instant> escalatedAt() {
        return Optional.ofNullable(escalation.getEscalatedAt());
    }

    /** For logs. */
    @Override
    public String toString() {
        return escalation.toString();
    }
}
