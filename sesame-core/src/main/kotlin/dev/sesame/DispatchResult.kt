package dev.sesame

/** What `dispatch` of [DecisionHandlers] did with an event. */
public class DispatchResult private constructor(
    private val name: String,
    /** Whether a handler ran to its end, here and now; [value] is what it returned. */
    public val hasRun: Boolean = false,
    /** Whether nothing ran because it was done before, or is being done by another call now: a repeat of some kind. */
    public val isRepeat: Boolean = false,
    /**
     * Whether the webhook may be answered with a 2xx. `false` while another call runs the handler: that run may yet turn out to have done
     * nothing, so answer with a 503 and let the webhook come again.
     */
    public val mayAcknowledge: Boolean = true,
    /** What the handler returned. */
    public val value: Any? = null,
) {
    /** In words, for logs; without the value. */
    override fun toString(): String = name

    internal companion object {
        val DONE_BEFORE = DispatchResult("done before", isRepeat = true)
        val UNDER_WAY = DispatchResult("under way elsewhere", isRepeat = true, mayAcknowledge = false)
        val NOT_REGISTERED = DispatchResult("nothing to run for it here")

        fun ran(value: Any?) = DispatchResult("ran", hasRun = true, value = value)
    }
}
