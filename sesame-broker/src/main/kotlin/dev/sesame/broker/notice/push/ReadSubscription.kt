package dev.sesame.broker.notice.push

import java.math.BigInteger
import java.security.AlgorithmParameters
import java.security.spec.ECFieldFp
import java.security.spec.ECGenParameterSpec
import java.security.spec.ECParameterSpec
import java.util.Base64

/** Takes what a browser says of itself; [judge] says why no message may go to an endpoint, in words that follow its name. */
internal class ReadSubscription(private val judge: (String) -> String?) {
    /** [BadSubscription] where a field can't be taken. */
    fun read(endpoint: String, p256dh: String, auth: String): Subscription {
        judge(endpoint)?.let { throw BadSubscription("endpoint $it") }
        val key = decoded("p256dh", p256dh, KEY_BYTES)
        if (key[0] != UNCOMPRESSED || !isOnCurve(key)) throw BadSubscription("p256dh must be an uncompressed point of the curve P-256")
        return Subscription(endpoint, encoded(key), encoded(decoded("auth", auth, AUTH_BYTES)))
    }

    private fun decoded(field: String, text: String, bytes: Int): ByteArray {
        val wrong = BadSubscription("$field must be $bytes bytes as base64url")
        if (text.length > bytes * 2) throw wrong
        val decoded = try {
            Base64.getUrlDecoder().decode(text.trimEnd('='))
        } catch (_: IllegalArgumentException) {
            throw wrong
        }
        return if (decoded.size == bytes) decoded else throw wrong
    }

    private fun encoded(bytes: ByteArray): String = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)

    /** A point beside the curve would give away what it is multiplied with. */
    private fun isOnCurve(key: ByteArray): Boolean {
        val p = (curve.curve.field as ECFieldFp).p
        val (x, y) = listOf(1..COORDINATE_BYTES, COORDINATE_BYTES + 1 until KEY_BYTES).map { BigInteger(1, key.sliceArray(it)) }
        val right = x.pow(3) + curve.curve.a * x + curve.curve.b
        return x < p && y < p && y.pow(2).mod(p) == right.mod(p)
    }

    private companion object {
        const val KEY_BYTES = 65
        const val AUTH_BYTES = 16
        const val COORDINATE_BYTES = 32
        const val UNCOMPRESSED: Byte = 4
        val curve: ECParameterSpec = AlgorithmParameters.getInstance("EC")
            .apply { init(ECGenParameterSpec("secp256r1")) }.getParameterSpec(ECParameterSpec::class.java)
    }
}

/** No message could go there; [message] names the field and what it must be. */
internal class BadSubscription(message: String) : RuntimeException(message)
