package dev.sesame

import dev.sesame.internal.AnswerText
import dev.sesame.internal.InstantText
import dev.sesame.internal.InternalSesameApi
import dev.sesame.internal.Term
import kotlinx.serialization.Serializable
import java.time.Instant

/** A person known to the broker. */
@Serializable
public class Person @InternalSesameApi constructor(
    /** The broker's id for this person. */
    public val id: String,
    /** The name shown to people. */
    public val name: String? = null,
) {
    /** For logs: never a key, a token or a context. */
    override fun toString(): String = name ?: id
}

/** One approver's answer. */
@Serializable
public class Vote @InternalSesameApi constructor(
    /** Who answered. */
    public val by: Person,
    /** What they answered. */
    @Serializable(with = AnswerText::class) public val vote: Answer,
    /** When. */
    @Serializable(with = InstantText::class) public val at: Instant,
    /** By which channel: `inbox`, `telegram`, `push`, `api`, `cli`. */
    public val via: String,
    /** What they wrote with it. */
    public val note: String? = null,
)

/** What an approver may say. */
public class Answer private constructor(value: String) : Term(value) {
    /** The known answers. */
    public companion object {
        /** Yes. */
        @JvmField public val APPROVE: Answer = Answer("approve")

        /** No; one is enough to end the question. */
        @JvmField public val DENY: Answer = Answer("deny")

        /** The answer written [value] on the wire, known or not. */
        @JvmStatic public fun of(value: String): Answer = Answer(value)
    }
}
