package dev.sesame

import java.time.Clock
import java.time.Instant

/**
 * Signs webhooks: what a broker sends, and what a receiver's own tests send in its place.
 *
 * Several [secrets] make several signatures, so that receivers may go over from one to the next in their own time. Thread-safe.
 */
public class WebhookSigner @JvmOverloads constructor(
    secrets: List<WebhookSecret>,
    private val shape: WebhookShape = WebhookShape.STANDARD,
    private val clock: Clock = Clock.systemUTC(),
) {
    /** With one secret. */
    @JvmOverloads
    public constructor(secret: WebhookSecret, shape: WebhookShape = WebhookShape.STANDARD, clock: Clock = Clock.systemUTC()) :
        this(listOf(secret), shape, clock)

    private val secrets = secrets.toList()

    init {
        checkSecrets(secrets)
        if (secrets.size > 1 && shape.separator == null) throw InvalidRequestException("$shape has room for one signature only")
    }

    /**
     * The headers to send [body] with, as these very bytes; in [WebhookShape.STANDARD] `webhook-id`, `-timestamp` and `-signature`.
     *
     * @param id stays the same over all attempts of one delivery: 1 to 256 visible ASCII characters.
     * @param at when this attempt is sent; a receiver takes it for a few minutes only.
     */
    @JvmOverloads
    public fun headers(id: String, body: ByteArray, at: Instant = clock.instant()): Map<String, String> {
        if (!isMessageId(id)) throw InvalidRequestException("a webhook's id has 1 to $LONGEST_ID visible ASCII characters")
        val timestamp = at.epochSecond.toString()
        val before = shape.text.before(id, timestamp)
        val after = shape.text.after(id, timestamp)
        val items = secrets.map { shape.prefix + String(shape.encoding.encode(it.key.sign(before, body, after)), Charsets.ISO_8859_1) }
        return buildMap {
            shape.idHeader?.let { put(it, id) }
            val time = shape.timestampPrefix + timestamp
            if (!shape.isTimeAmongSignatures) shape.timestampHeader?.let { put(it, time) }
            val all = if (shape.isTimeAmongSignatures) listOf(time) + items else items
            put(shape.signatureHeader, all.joinToString(shape.separator.orEmpty()))
        }
    }

    /** For logs: never a key, a token or a context. */
    override fun toString(): String = "WebhookSigner($shape)"
}

/** More secrets than a rotation needs only cost time at every delivery. */
private const val MOST_SECRETS = 10
internal const val LONGEST_ID = 256

internal fun checkSecrets(secrets: List<WebhookSecret>) {
    if (secrets.size !in
        1..MOST_SECRETS
    ) {
        throw InvalidRequestException("1 to $MOST_SECRETS webhook secrets are needed, not ${secrets.size}")
    }
}

internal fun isMessageId(id: String): Boolean = id.length in 1..LONGEST_ID && id.all { it in '!'..'~' }
