package dev.sesame

import dev.sesame.internal.EventBody
import dev.sesame.internal.SentHeaders
import java.time.Clock
import java.time.Duration
import java.time.Instant

/**
 * Tells whether a webhook comes from who knows the secret, arrived as it was sent, and was sent just now. Thread-safe; make one and keep it.
 *
 * Several [secrets] are accepted alike, for as long as a rotation takes. Give it the body's raw bytes as they arrived: decoded and encoded
 * again, they are others. What it throws, [WebhookVerificationException], says why in its `reason`: log that, but answer only with a status.
 *
 * @param shape what the sender signs, and where it puts it.
 * @param tolerance how far the sender's time may be from [clock]'s, either way; 5 minutes as Standard Webhooks recommends.
 * @param allowTestMode whether events of test mode count.
 */
public class WebhookVerifier @JvmOverloads constructor(
    secrets: List<WebhookSecret>,
    private val shape: WebhookShape = WebhookShape.STANDARD,
    tolerance: Duration = Duration.ofMinutes(5),
    private val allowTestMode: Boolean = false,
    private val clock: Clock = Clock.systemUTC(),
) {
    /** With one secret. */
    @JvmOverloads
    public constructor(
        secret: WebhookSecret,
        shape: WebhookShape = WebhookShape.STANDARD,
        tolerance: Duration = Duration.ofMinutes(5),
        allowTestMode: Boolean = false,
        clock: Clock = Clock.systemUTC(),
    ) : this(listOf(secret), shape, tolerance, allowTestMode, clock)

    private val secrets = secrets.toTypedArray()
    private val toleranceMillis = tolerance.toMillis()

    init {
        checkSecrets(secrets)
        if (tolerance.isNegative || tolerance.isZero || tolerance > LONGEST_TOLERANCE) {
            throw InvalidRequestException(
                "the tolerance is more than 0 and at most $LONGEST_TOLERANCE",
                mapOf("tolerance" to "out of range"),
            )
        }
    }

    /** The decision that Sesame's broker tells in [body]; [headers] by name, in whatever case. */
    public fun verify(body: ByteArray, headers: Map<String, List<String>>): WebhookEvent = verify(body, lookup(headers))

    /** The same; [header] gives all values of the header of that name, in whatever case, and `null` or none where it is missing. */
    public fun verify(body: ByteArray, header: (String) -> List<String>?): WebhookEvent {
        val stamp = authenticate(body, header)
        val event = WebhookEvent(EventBody.parse(body), stamp)
        if (event.mode == Mode.LIVE || (event.mode == Mode.TEST && allowTestMode)) return event
        throw WebhookVerificationException(WebhookReason.MODE, "an event of mode ${event.mode}, which is not accepted here")
    }

    /** Only the signature and the time, whatever [body] is: for webhooks of other systems. It returns what was signed beside the body. */
    public fun authenticate(body: ByteArray, headers: Map<String, List<String>>): WebhookStamp = authenticate(body, lookup(headers))

    /** The same, with [header] as in [verify]. */
    public fun authenticate(body: ByteArray, header: (String) -> List<String>?): WebhookStamp {
        val sent = SentHeaders.read(shape, header)
        val seconds = sent.timestamp?.let { checkTime(it) }
        checkSignature(sent, body)
        return WebhookStamp(sent.id, seconds?.let(Instant::ofEpochSecond))
    }

    private fun checkTime(timestamp: String): Long {
        val seconds = timestamp.toLong() // digits, few enough
        val age = clock.millis() - seconds * 1000
        if (age > toleranceMillis) throw WebhookVerificationException(WebhookReason.TOO_OLD, "sent too long ago")
        if (age < -toleranceMillis) throw WebhookVerificationException(WebhookReason.TOO_NEW, "sent in the future, by the clock here")
        return seconds
    }

    /** Every secret is tried with every signature, so that the time tells nothing about which one it was. */
    private fun checkSignature(sent: SentHeaders, body: ByteArray) {
        val before = shape.text.before(sent.id, sent.timestamp)
        val after = shape.text.after(sent.id, sent.timestamp)
        var isGenuine = false
        for (secret in secrets) {
            val expected = shape.encoding.encode(secret.key.sign(before, body, after))
            isGenuine = sent.hold(expected) or isGenuine
        }
        if (!isGenuine) throw WebhookVerificationException(WebhookReason.BAD_SIGNATURE, "no signature fits the body and a secret")
    }

    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "WebhookVerifier($shape)"

    private companion object {
        /** Longer, and a replay would pass for days. */
        val LONGEST_TOLERANCE: Duration = Duration.ofDays(1)

        fun lookup(headers: Map<String, List<String>>): (String) -> List<String>? = { name ->
            var found: List<String>? = null
            for ((key, values) in headers) {
                if (key.equals(name, ignoreCase = true)) found = found?.plus(values) ?: values
            }
            found
        }
    }
}

/** What a webhook's signature covers beside its body. */
public class WebhookStamp internal constructor(
    /** The message's id, the same over all attempts; `null` where the sender's shape has none. */
    public val id: String?,
    /** When this attempt was sent; `null` where the sender's shape has no time. */
    public val sentAt: Instant?,
) {
    /** For logs. */
    override fun toString(): String = "WebhookStamp($id, $sentAt)"
}
