package dev.sesame.java;

import java.util.Optional;

/** A person known to the broker. */
public final class Person {
    private final dev.sesame.Person person;

    Person(dev.sesame.Person person) {
        this.person = person;
    }

    /** The broker's id for this person. */
    public String id() {
        return person.getId();
    }

    /** The name shown to people. */
    public Optional<String> name() {
        return Optional.ofNullable(person.getName());
    }

    /** The name, or else the id. */
    @Override
    public String toString() {
        return person.toString();
    }
}
