package dev.sesame.internal

import kotlinx.serialization.KSerializer
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder

/** A word of the wire contract from a set that may grow: a word this version doesn't know is kept as it came. */
public abstract class Term protected constructor(
    /** The word as it stands on the wire. */
    public val value: String,
) {
    final override fun equals(other: Any?): Boolean = other is Term && other.javaClass == javaClass && other.value == value

    final override fun hashCode(): Int = value.hashCode()

    final override fun toString(): String = value
}

internal open class TermSerializer<T : Term>(name: String, private val of: (String) -> T) : KSerializer<T> {
    override val descriptor: SerialDescriptor = PrimitiveSerialDescriptor("dev.sesame.$name", PrimitiveKind.STRING)

    override fun serialize(encoder: Encoder, value: T): Unit = encoder.encodeString(value.value)

    override fun deserialize(decoder: Decoder): T = of(decoder.decodeString())
}
