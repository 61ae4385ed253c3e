package dev.sesame.internal

import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import java.time.DateTimeException
import java.time.Instant
import java.time.OffsetDateTime

/** An instant as RFC 3339 text in UTC. */
@InternalSesameApi
public object InstantText : KSerializer<Instant> {
    override val descriptor: SerialDescriptor = PrimitiveSerialDescriptor("dev.sesame.Instant", PrimitiveKind.STRING)

    override fun serialize(encoder: Encoder, value: Instant): Unit = encoder.encodeString(value.toString())

    override fun deserialize(decoder: Decoder): Instant {
        val text = decoder.decodeString()
        return parse(text) ?: throw SerializationException("not an RFC 3339 time: ${text.take(40)}")
    }

    /** Years have four digits: others would overflow whoever reckons with them. */
    private val years = Instant.parse("0000-01-01T00:00:00Z")..Instant.parse("9999-12-31T23:59:59.999999999Z")

    /** The instant that [text] names, with any offset; `null` where it names none. */
    public fun parse(text: String): Instant? = try {
        OffsetDateTime.parse(text).toInstant().takeIf { it in years }
    } catch (_: DateTimeException) {
        null
    }
}
