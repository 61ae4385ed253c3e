package dev.sesame.broker.access

/** Makes ids: a prefix and 26 lower-case base32 characters (RFC 4648), 130 random bits. */
internal class Ids(private val random: (Int) -> ByteArray) {
    fun approval(): String = make(APPROVAL)

    fun requester(): String = make(REQUESTER)

    fun key(): String = make(KEY)

    fun approver(): String = make(APPROVER)

    fun group(): String = make("gr_")

    fun endpoint(): String = make(ENDPOINT)

    fun session(): String = make("ss_")

    fun device(): String = make("dv_")

    fun passkey(): String = make("pk_")

    /** A delivery's, which its receiver knows as `webhook-id`. */
    fun delivery(): String = make(DELIVERY)

    /** What is random about an id: letters and digits, 130 bits. */
    fun bare(): String = make("")

    fun request(): String = make("req_")

    private fun make(prefix: String): String {
        val bits = random(LENGTH)
        return prefix + String(CharArray(LENGTH) { ALPHABET[bits[it].toInt() and 31] })
    }

    companion object {
        private const val APPROVAL = "ap_"
        private const val REQUESTER = "rq_"
        private const val KEY = "key_"
        private const val APPROVER = "pe_"
        private const val ENDPOINT = "ep_"
        private const val DELIVERY = "wh_"
        private const val ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
        private const val LENGTH = 26

        /** Whether [text] can be an approval's id; anything else is as unknown as an unknown one. */
        fun isApproval(text: String): Boolean = text.isId(APPROVAL)

        /** The same for a requester's. */
        fun isRequester(text: String): Boolean = text.isId(REQUESTER)

        /** The same for a key's. */
        fun isKey(text: String): Boolean = text.isId(KEY)

        /** The same for an approver's. */
        fun isApprover(text: String): Boolean = text.isId(APPROVER)

        /** The same for an endpoint's. */
        fun isEndpoint(text: String): Boolean = text.isId(ENDPOINT)

        /** The same for a delivery's. */
        fun isDelivery(text: String): Boolean = text.isId(DELIVERY)

        private fun String.isId(prefix: String): Boolean =
            length == prefix.length + LENGTH && startsWith(prefix) && drop(prefix.length).all { it in ALPHABET }
    }
}
