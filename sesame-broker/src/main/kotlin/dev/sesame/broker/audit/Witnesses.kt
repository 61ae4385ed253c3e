package dev.sesame.broker.audit

import dev.sesame.ReceiptKeys
import dev.sesame.internal.InternalSesameApi
import dev.sesame.internal.Jws
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.longOrNull

/** Finds what was signed about an audit: in receipts, in checkpoints, and in logs that hold them. What none of [keys] signed is told apart. */
@OptIn(InternalSesameApi::class)
internal class Witnesses(private val keys: ReceiptKeys) {
    /** Those in [text], whatever else it holds, each under the name that [name] gives its number; and how many were not signed by a known key. */
    fun of(text: CharSequence, name: (Long) -> String): Found {
        val signed = token.findAll(text).mapNotNull { Jws.parse(it.value) }.filter { it.type in kinds }.toList()
        val genuine = signed.filter(keys::hasSigned)
        return Found(genuine.mapNotNull { witness(it, name) }, signed.size - genuine.size)
    }

    private fun witness(jws: Jws, name: (Long) -> String): Witness? {
        val log = jws.payload["log"] as? JsonObject ?: return null
        val index = (log["index"] as? JsonPrimitive)?.longOrNull ?: return null
        return Witness(name(index), index, (log["head"] as? JsonPrimitive)?.contentOrNull ?: return null)
    }

    internal class Found(val witnesses: List<Witness>, val unsigned: Int)

    private companion object {
        val token = Regex("""[\w-]{20,}\.[\w-]{20,}\.[\w-]{86}(?![\w-])""")
        val kinds = setOf("sesame-receipt", Checkpoints.TYPE)
    }
}
