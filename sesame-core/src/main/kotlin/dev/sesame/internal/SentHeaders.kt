package dev.sesame.internal

import dev.sesame.WebhookReason
import dev.sesame.WebhookShape
import dev.sesame.WebhookVerificationException
import dev.sesame.isMessageId

/** What a webhook's headers say, in form and within bounds; nothing of it is believed yet. */
internal class SentHeaders private constructor(val id: String?, val timestamp: String?, val signatures: List<ByteArray>) {
    companion object {
        /** Some ninety signatures of Standard Webhooks. */
        private const val LONGEST_HEADER = 4096

        /** To the year 33658: more digits would only overflow. */
        private const val MOST_DIGITS = 12

        fun read(shape: WebhookShape, header: (String) -> List<String>?): SentHeaders {
            val id = shape.idHeader?.let { name ->
                single(name, header).also { if (!isMessageId(it)) throw malformed(name) }
            }
            val signed = single(shape.signatureHeader, header)
            val items = items(signed, shape.separator)
            if (items.any { it.isEmpty() }) throw malformed(shape.signatureHeader)
            val timestamp = shape.timestampHeader?.let { name ->
                val told = if (shape.isTimeAmongSignatures) timeAmong(items, shape, name) else single(name, header)
                timeOf(told, shape.timestampPrefix, name)
            }
            val signatures = items.mapNotNull { item ->
                if (item.startsWith(shape.prefix)) item.substring(shape.prefix.length).toByteArray(Charsets.ISO_8859_1) else null
            }
            return SentHeaders(id, timestamp, signatures)
        }

        private fun single(name: String, header: (String) -> List<String>?): String {
            val values = header(name)
            if (values.isNullOrEmpty()) throw WebhookVerificationException(WebhookReason.MISSING_HEADER, "there is no header $name")
            if (values.size > 1) throw WebhookVerificationException(WebhookReason.REPEATED_HEADER, "there is more than one header $name")
            val value = values[0]
            if (value.length > LONGEST_HEADER) throw malformed(name)
            return value
        }

        private fun items(value: String, separator: String?): List<String> =
            if (separator == null || !value.contains(separator)) listOf(value) else value.split(separator)

        private fun timeAmong(items: List<String>, shape: WebhookShape, name: String): String {
            val times = items.filter { it.startsWith(shape.timestampPrefix) }
            return times.singleOrNull() ?: throw malformed(name)
        }

        private fun timeOf(told: String, prefix: String, name: String): String {
            if (!told.startsWith(prefix)) throw malformed(name)
            val digits = told.substring(prefix.length)
            if (digits.length !in 1..MOST_DIGITS || !digits.all { it in '0'..'9' }) throw malformed(name)
            return digits
        }

        private fun malformed(name: String) =
            WebhookVerificationException(WebhookReason.MALFORMED_HEADER, "the header $name is not in its form, or too long")
    }
}
