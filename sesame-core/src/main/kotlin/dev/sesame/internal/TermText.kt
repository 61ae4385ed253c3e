package dev.sesame.internal

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.Mode
import kotlinx.serialization.KSerializer
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder

/** How terms stand in JSON. Named where a term is used, so that the terms themselves, which Java callers see, know nothing of serializers. */
@InternalSesameApi
public abstract class TermText<T : Term> internal constructor(name: String, private val of: (String) -> T) : KSerializer<T> {
    final override val descriptor: SerialDescriptor = PrimitiveSerialDescriptor("dev.sesame.$name", PrimitiveKind.STRING)

    final override fun serialize(encoder: Encoder, value: T): Unit = encoder.encodeString(value.value)

    final override fun deserialize(decoder: Decoder): T = of(decoder.decodeString())
}

/** `pending`, `approved`, … */
@InternalSesameApi
public object StatusText : TermText<ApprovalStatus>("ApprovalStatus", ApprovalStatus::of)

/** `live` or `test`. */
@InternalSesameApi
public object ModeText : TermText<Mode>("Mode", Mode::of)

/** `claimed`, `succeeded`, … */
@InternalSesameApi
public object ExecutionStateText : TermText<ExecutionState>("ExecutionState", ExecutionState::of)

/** `approve` or `deny`. */
@InternalSesameApi
public object AnswerText : TermText<Answer>("Answer", Answer::of)
