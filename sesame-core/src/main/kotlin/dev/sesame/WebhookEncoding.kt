package dev.sesame

import java.security.MessageDigest
import java.util.Base64
import java.util.HexFormat

/** How a signature is written as text. */
public class WebhookEncoding private constructor(
    private val name: String,
    private val write: (ByteArray) -> ByteArray,
    private val normal: (ByteArray) -> ByteArray,
) {
    internal fun encode(code: ByteArray): ByteArray = write(code)

    /**
     * Whether [text] writes what [expected] does, in a time that doesn't tell where they differ. Texts are compared, not bytes: base64 has
     * several texts for the same bytes, and only one of them is what a sender writes.
     */
    internal fun isSame(expected: ByteArray, text: ByteArray): Boolean = MessageDigest.isEqual(expected, normal(text))

    override fun toString(): String = name

    /** The encodings of the field. */
    public companion object {
        private const val CASE_BIT = 0x20

        /** Two hexadecimal digits a byte; written in lower case, read in either. */
        @JvmField
        public val HEX: WebhookEncoding = WebhookEncoding("hex", { HexFormat.of().formatHex(it).toByteArray() }, ::inLowerCase)

        /** Base64 with padding, as RFC 4648 has it in section 4. */
        @JvmField
        public val BASE64: WebhookEncoding = WebhookEncoding("base64", { Base64.getEncoder().encode(it) }, { it })

        private fun inLowerCase(text: ByteArray): ByteArray = ByteArray(text.size) {
            val byte = text[it].toInt()
            if (byte in 'A'.code..'Z'.code) (byte or CASE_BIT).toByte() else byte.toByte()
        }
    }
}
