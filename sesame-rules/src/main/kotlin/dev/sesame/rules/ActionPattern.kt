package dev.sesame.rules

/**
 * Which actions are meant: one by its whole name (`payments.refund`), all below a name (`payments.*`), or all (`*`).
 *
 * Letters count as they are written, capital or not. `payments.*` means `payments.refund` and `payments.refund.eu`, but not `payments`.
 */
public class ActionPattern private constructor(private val text: String) {
    private val prefix = if (text.endsWith(EVERYTHING)) text.removeSuffix(EVERYTHING) else null

    /** Whether [action] is among them. */
    public operator fun contains(action: String): Boolean = when (prefix) {
        null -> action == text
        "" -> true
        else -> action.length > prefix.length && action.startsWith(prefix)
    }

    override fun equals(other: Any?): Boolean = other is ActionPattern && other.text == text

    override fun hashCode(): Int = text.hashCode()

    override fun toString(): String = text

    /** Where they are made. */
    public companion object {
        private const val EVERYTHING = "*"
        private const val LONGEST = 200

        /** What is wrong with [text] as a pattern, in words that follow a name; `null` where nothing is. */
        public fun problem(text: String): String? = when {
            text.isEmpty() || text.length > LONGEST -> "must have 1 to $LONGEST characters"
            EVERYTHING !in text || text == EVERYTHING -> null
            text.endsWith(".$EVERYTHING") && text.count { it == '*' } == 1 && text.length > 2 -> null
            else -> "must be an action such as payments.refund, all below a name such as payments.*, or *"
        }

        /** The pattern written [text]; `IllegalArgumentException` where [problem] finds one. */
        public fun of(text: String): ActionPattern {
            problem(text)?.let { throw IllegalArgumentException("the pattern $it") }
            return ActionPattern(text)
        }
    }
}
