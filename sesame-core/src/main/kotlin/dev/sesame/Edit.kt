package dev.sesame

import dev.sesame.internal.InternalSesameApi
import kotlinx.serialization.json.JsonElement

/** One top-level field of a context that an approver changed before approving. */
public class Edit @InternalSesameApi constructor(
    /** Its name. */
    public val field: String,
    /** Its value as it was asked; `null` where it wasn't there. */
    public val before: JsonElement?,
    /** Its value as it was approved; `null` where it isn't there any more. */
    public val after: JsonElement?,
) {
    /** For logs: never a value. */
    override fun toString(): String = "Edit($field)"
}
