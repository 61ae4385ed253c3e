package dev.sesame

import dev.sesame.internal.Term

/** Whether a request is real or a test; the two never see each other. */
public class Mode private constructor(value: String) : Term(value) {
    /** The known modes. */
    public companion object {
        /** A real request, which reaches people. */
        @JvmField public val LIVE: Mode = Mode("live")

        /** A test request, which reaches nobody. */
        @JvmField public val TEST: Mode = Mode("test")

        /** The mode written [value] on the wire, known or not. */
        @JvmStatic public fun of(value: String): Mode = Mode(value)
    }
}
