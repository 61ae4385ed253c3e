package dev.sesame.internal

import dev.sesame.WebhookReason
import dev.sesame.WebhookShape
import dev.sesame.WebhookVerificationException
import dev.sesame.isMessageId

/** What a webhook's headers say, in form and within bounds; nothing of it is believed yet. */
internal class SentHeaders private constructor(
    private val shape: WebhookShape,
    val id: String?,
    val timestamp: String?,
    private val signatures: String,
) {
    /** Whether one of the signatures is [expected]; all are looked at, in a time that doesn't tell which one it was. */
    fun hold(expected: ByteArray): Boolean {
        var isThere = false
        forEachItem(signatures, shape.separator) { from, to ->
            val isSignature = signatures.startsWith(shape.prefix, from)
            if (isSignature && shape.encoding.isSame(expected, signatures, from + shape.prefix.length, to)) isThere = true
        }
        return isThere
    }

    companion object {
        /** Some ninety signatures of Standard Webhooks. */
        private const val LONGEST_HEADER = 4096

        /** To the year 33658: more digits would only overflow. */
        private const val MOST_DIGITS = 12

        fun read(shape: WebhookShape, header: (String) -> List<String>?): SentHeaders {
            val id = shape.idHeader?.let { name ->
                single(name, header).also { if (!isMessageId(it)) throw malformed(name) }
            }
            val signatures = single(shape.signatureHeader, header)
            forEachItem(signatures, shape.separator) { from, to -> if (from == to) throw malformed(shape.signatureHeader) }
            val timestamp = shape.timestampHeader?.let { name ->
                val told = if (shape.isTimeAmongSignatures) timeAmong(signatures, shape, name) else single(name, header)
                timeOf(told, shape.timestampPrefix, name)
            }
            return SentHeaders(shape, id, timestamp, signatures)
        }

        private fun single(name: String, header: (String) -> List<String>?): String {
            val values = header(name)
            if (values.isNullOrEmpty()) throw WebhookVerificationException(WebhookReason.MISSING_HEADER, "there is no header $name")
            if (values.size > 1) throw WebhookVerificationException(WebhookReason.REPEATED_HEADER, "there is more than one header $name")
            val value = values[0]
            if (value.length > LONGEST_HEADER) throw malformed(name)
            return value
        }

        private fun timeAmong(signatures: String, shape: WebhookShape, name: String): String {
            val times = signatures.split(checkNotNull(shape.separator)).filter { it.startsWith(shape.timestampPrefix) }
            return times.singleOrNull() ?: throw malformed(name)
        }

        private fun timeOf(told: String, prefix: String, name: String): String {
            if (!told.startsWith(prefix)) throw malformed(name)
            val digits = told.substring(prefix.length)
            if (digits.length !in 1..MOST_DIGITS || !digits.all { it in '0'..'9' }) throw malformed(name)
            return digits
        }

        private inline fun forEachItem(text: String, separator: String?, use: (from: Int, to: Int) -> Unit) {
            var from = 0
            while (true) {
                val next = if (separator == null) -1 else text.indexOf(separator, from)
                use(from, if (next < 0) text.length else next)
                if (separator == null || next < 0) return
                from = next + separator.length
            }
        }

        private fun malformed(name: String) =
            WebhookVerificationException(WebhookReason.MALFORMED_HEADER, "the header $name is not in its form, or too long")
    }
}
