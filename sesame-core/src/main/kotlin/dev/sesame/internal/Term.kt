package dev.sesame.internal

/** A word of the wire contract from a set that may grow: a word this version doesn't know is kept as it came. */
public abstract class Term protected constructor(
    /** The word as it stands on the wire. */
    public val value: String,
) {
    final override fun equals(other: Any?): Boolean = other is Term && other.javaClass == javaClass && other.value == value

    final override fun hashCode(): Int = value.hashCode()

    final override fun toString(): String = value
}
