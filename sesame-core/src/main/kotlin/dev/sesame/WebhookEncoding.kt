package dev.sesame

import java.util.Base64
import java.util.HexFormat

/** How a signature is written as text. */
public class WebhookEncoding private constructor(
    private val name: String,
    private val isEitherCase: Boolean,
    private val write: (ByteArray) -> ByteArray,
) {
    internal fun encode(code: ByteArray): ByteArray = write(code)

    /**
     * Whether [text] holds [expected] from [from] to [to]; the time it takes doesn't tell where they differ. Texts are compared, not bytes:
     * base64 has several texts for the same bytes, and only one of them is what a sender writes.
     */
    internal fun isSame(expected: ByteArray, text: String, from: Int, to: Int): Boolean {
        if (to - from != expected.size) return false
        var difference = 0
        for (index in expected.indices) {
            val code = text[from + index].code
            val normal = if (isEitherCase && code in 'A'.code..'F'.code) code or CASE_BIT else code
            difference = difference or (normal xor expected[index].toInt())
        }
        return difference == 0
    }

    /** Its name. */
    override fun toString(): String = name

    /** The encodings of the field. */
    public companion object {
        private const val CASE_BIT = 0x20

        /** Two hexadecimal digits a byte; written in lower case, read in either. */
        @JvmField
        public val HEX: WebhookEncoding = WebhookEncoding("hex", isEitherCase = true) { HexFormat.of().formatHex(it).toByteArray() }

        /** Base64 with padding, as RFC 4648 has it in section 4. */
        @JvmField
        public val BASE64: WebhookEncoding = WebhookEncoding("base64", isEitherCase = false) { Base64.getEncoder().encode(it) }
    }
}
