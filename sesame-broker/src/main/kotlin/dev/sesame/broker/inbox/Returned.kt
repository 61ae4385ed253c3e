package dev.sesame.broker.inbox

/** What a request's page tells of the form that was sent just now and not taken: why, and what was typed. */
internal class Returned(
    val answer: RefusedAnswer? = null,
    val edit: TypedEdit? = null,
    val time: String? = null,
    val settling: RefusedSettling? = null,
    /** The note that was typed already, with a form that wasn't refused. */
    val note: String = "",
) {
    val isRefusal: Boolean get() = answer != null || time != null || settling != null || edit?.isWrong == true
}
