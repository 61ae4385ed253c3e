package dev.sesame.broker.receipt

import dev.sesame.broker.access.CannotUnseal
import dev.sesame.broker.access.SecretBox
import dev.sesame.broker.store.AuditStore
import dev.sesame.internal.InternalSesameApi
import dev.sesame.internal.Jws
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.time.Instant
import java.time.InstantSource

/**
 * What the broker signs with. A new key is made at the first start, and by [rotate]. What was decided while a key was the newest is signed with
 * it later too, so that a receipt reads the same whenever it is asked for; only where that key was revoked, the newest signs in its place.
 */
internal class SigningKeys(
    private val store: AuditStore,
    private val box: SecretBox,
    private val random: (Int) -> ByteArray,
    private val clock: InstantSource,
) {
    /** Makes the first key where there is none. Where none can be unsealed: a new one if [keyIsNew], else `CannotUnseal`. */
    suspend fun prepare(keyIsNew: Boolean) {
        store.add(SigningKey.make(random, box, clock.instant()), first = true)
        val newest = store.signingKeys().last()
        try {
            newest.open(box)
        } catch (problem: CannotUnseal) {
            if (!keyIsNew) throw problem
            rotate()
        }
    }

    /** A new key, which signs from now on; the ones before stay known, and what they signed stays good. */
    suspend fun rotate(): SigningKey = SigningKey.make(random, box, clock.instant()).also { store.add(it, first = false) }

    /** Ends a key that somebody else may hold: what it signed is believed no more. `false` where there is none, or it is the newest. */
    suspend fun revoke(id: String): Boolean = store.revokeSigningKey(id, clock.instant())

    /** [payload], a statement of kind [type] about what happened [at], signed. */
    @OptIn(InternalSesameApi::class)
    suspend fun sign(type: String, payload: JsonObject, at: Instant): String {
        val keys = store.signingKeys()
        val key = keys.lastOrNull { it.createdAt <= at }?.takeIf { it.sealed != null && it.opens() } ?: keys.last()
        return Jws.sign(type, payload, key.id, key.open(box))
    }

    /** The public halves that count, as a JWK set (RFC 7517, RFC 8037). */
    suspend fun jwks(): JsonObject = jwks(store.signingKeys().filter { it.revokedAt == null }.associate { it.id to it.publicKey })

    /** After a restore without the key of the secrets, an old one doesn't. */
    private fun SigningKey.opens() = try {
        open(box)
        true
    } catch (_: CannotUnseal) {
        false
    }
}

/** Ed25519 keys by their ids as a JWK set (RFC 7517, RFC 8037). */
internal fun jwks(publicKeys: Map<String, String>): JsonObject {
    val keys = publicKeys.map { (id, x) ->
        val members = mapOf("kty" to "OKP", "crv" to "Ed25519", "alg" to "EdDSA", "use" to "sig", "kid" to id, "x" to x)
        JsonObject(members.mapValues { JsonPrimitive(it.value) })
    }
    return JsonObject(mapOf("keys" to JsonArray(keys)))
}
