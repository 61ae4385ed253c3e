package dev.sesame.java;

import dev.sesame.ApprovalStatus;
import java.util.Optional;

/** The single, final outcome of an approval. What an approver changed is in the approval's context. */
public final class Decision {
    private final dev.sesame.Decision decision;

    Decision(dev.sesame.Decision decision) {
        this.decision = decision;
    }

    /** How it ended. */
    public ApprovalStatus status() {
        return decision.getStatus();
    }

    /** Who decided; empty where nobody did, as on expiry. */
    public Optional<Person> by() {
        return Optional.ofNullable(decision.getBy()).map(Person::new);
    }

    /** By which channel: {@code inbox}, {@code telegram}, {@code push}, {@code api}, {@code cli}, {@code policy}. */
    public Optional<String> via() {
        return Optional.ofNullable(decision.getVia());
    }

    /** What the deciding person wrote. */
    public Optional<String> note() {
        return Optional.ofNullable(decision.getNote());
    }

    /** Whether the approver changed the context before saying yes. */
    public boolean isEdited() {
        return decision.getEditedContext() != null;
    }

    /** For logs: never a key, a token or a context. */
    @Override
    public String toString() {
        return decision.toString();
    }
}
