package dev.sesame.samples.cluster

/**
 * [seconds] is how long it stays when all was shown, where `null` is until Ctrl-C; [proxy] is `nginx` or `tcp`, where `null` takes what this
 * machine has.
 */
internal class Flags(val seconds: Long?, val saysYes: Boolean, val proxy: String?) {
    companion object {
        private const val LONGEST = 86_400L
        private val known = listOf("--seconds", "--decide", "--proxy")

        /** [IllegalArgumentException] says which is wrong, and what is right. */
        fun of(args: List<String>): Flags {
            val values = args.chunked(2).associate { pair ->
                require(pair[0] in known) { "${pair[0]} is not an option here; there are: ${known.joinToString()}" }
                pair[0] to requireNotNull(pair.getOrNull(1)) { "${pair[0]} needs a value" }
            }
            val seconds = values["--seconds"]?.let { text ->
                requireNotNull(text.toLongOrNull()?.takeIf { it in 0..LONGEST }) { "--seconds takes 0 to $LONGEST, not $text" }
            }
            return Flags(seconds, oneOf("--decide", values, "approve", "deny") != "deny", oneOf("--proxy", values, "nginx", "tcp"))
        }

        private fun oneOf(flag: String, values: Map<String, String>, vararg right: String): String? =
            values[flag]?.also { require(it in right) { "$flag takes ${right.joinToString(" or ")}, not $it" } }
    }
}
