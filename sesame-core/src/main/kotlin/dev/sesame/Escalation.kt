package dev.sesame

import dev.sesame.internal.InstantText
import dev.sesame.internal.InternalSesameApi
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import java.time.Instant

/** Who else is asked by a policy's rule where nobody has decided in time; it never takes anybody's say away. */
@Serializable
public class Escalation @InternalSesameApi constructor(
    /** When they are asked, if it is pending then. */
    @Serializable(with = InstantText::class) public val at: Instant,
    /** Whose people are asked then, beside those who are asked already. */
    public val groups: List<String>,
    /** When they were; `null` where they weren't, or not yet. */
    @SerialName("escalated_at") @Serializable(with = InstantText::class) public val escalatedAt: Instant? = null,
) {
    /** For logs. */
    override fun toString(): String = "Escalation(to $groups at $at)"
}
