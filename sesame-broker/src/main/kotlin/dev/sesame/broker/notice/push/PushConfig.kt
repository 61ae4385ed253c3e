package dev.sesame.broker.notice.push

/** How browsers are told. */
internal data class PushConfig(
    val isOn: Boolean = true,
    /** Whom a push service may turn to, as `mailto:` or https; `null`: the public address. */
    val contact: String? = null,
    /** Hosts and CIDR blocks, comma-separated, that are push services besides the well-known ones. */
    val allow: String = "",
    /** Whether messages carry action and summary, which then show on lock screens. */
    val showsDetail: Boolean = false,
) {
    /** The `sub` of every message (RFC 8292, 2.1). Where nobody said any, browsers on this machine alone come here. */
    fun subject(publicUrl: String?): String = contact ?: publicUrl?.takeIf { it.startsWith("https://") } ?: NOBODY

    companion object {
        /** The settings, by the names that operators know. */
        val TURNED_ON_BY = listOf("SESAME_PUSH")
        val SHAPED_BY = listOf("SESAME_PUSH_CONTACT", "SESAME_PUSH_ALLOW", "SESAME_PUSH_DETAIL", "SESAME_CONFIRM_RISK")
        private const val NOBODY = "mailto:operator@localhost"
        private const val LONGEST = 200
        private val shape = Regex("""(?:mailto:[!#-\[\]-~]+@[!#-\[\]-~]+|https://[!#-\[\]-~]+)""")

        /** What is wrong with [contact]; `null` where nothing is. */
        fun problem(contact: String): String? = when {
            contact.length > LONGEST -> "must be at most $LONGEST characters long"
            !shape.matches(contact) -> "must be an address such as mailto:ops@example.com, or start with https://"
            else -> null
        }
    }
}
