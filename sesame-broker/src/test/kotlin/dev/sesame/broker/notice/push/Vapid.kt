package dev.sesame.broker.notice.push

import dev.sesame.broker.delivery.Received
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.long
import java.security.Signature
import java.time.Instant

/** Who sends, as a push service finds it out (RFC 8292): fails where the signature isn't that of the key beside it. */
internal class Vapid(message: Received) {
    private val parts = checkNotNull(
        Regex("""vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)""").matchEntire(message.headers["authorization"]!!),
    ) {
        "no VAPID in ${message.headers}"
    }.destructured
    val key: String = parts.component4()
    private val header = json(parts.component1())
    private val claims = json(parts.component2())
    val audience = claims.text("aud")
    val subject = claims.text("sub")
    val expiresAt: Instant = Instant.ofEpochSecond((claims.getValue("exp") as JsonPrimitive).long)

    init {
        check(header.text("alg") == "ES256") { "alg is ${header.text("alg")}" }
        val signature = Signature.getInstance("SHA256withECDSAinP1363Format").apply {
            initVerify(UserAgent.pointOf(UserAgent.bytes(key)))
            update("${parts.component1()}.${parts.component2()}".toByteArray())
        }
        check(signature.verify(UserAgent.bytes(parts.component3()))) { "the signature is another key's" }
    }

    private fun json(part: String) = Json.parseToJsonElement(String(UserAgent.bytes(part))) as JsonObject

    private fun JsonObject.text(name: String) = (get(name) as? JsonPrimitive)?.contentOrNull
}
