package dev.sesame

import dev.sesame.internal.InternalSesameApi
import dev.sesame.internal.StatusText
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonObject

/** The single, final outcome of an approval. */
@Serializable
public class Decision @InternalSesameApi constructor(
    /** How it ended. */
    @Serializable(with = StatusText::class) public val status: ApprovalStatus,
    /** Who decided; absent where nobody did, as on expiry and in test mode. */
    public val by: Person? = null,
    /** By which channel: `inbox`, `telegram`, `push`, `api`, `cli`, `policy`; `test` where the request's own [TestDecision] did. */
    public val via: String? = null,
    /** What the deciding person wrote. */
    public val note: String? = null,
    /** The whole context as the approver changed it, where they did. */
    @SerialName("edited_context") public val editedContext: JsonObject? = null,
) {
    /** For logs: never a key, a token or a context. */
    override fun toString(): String = by?.let { "$status by $it" } ?: "$status"
}
