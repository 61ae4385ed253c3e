package dev.sesame.internal

import dev.sesame.IncompatibleRuntimeException

/** Libraries that don't go together are told in one message, before a call of a method that isn't there ends somewhere else. */
internal class RuntimeCheck(versions: () -> Map<String, String>) {
    private val found by lazy(versions)
    private val problems by lazy { incompatibilities(found) }

    /** What [make] makes; [IncompatibleRuntimeException] where that can't work, or didn't. */
    inline fun <T> passing(make: () -> T): T {
        if (problems.isNotEmpty()) throw IncompatibleRuntimeException(found, problems)
        return try {
            make()
        } catch (problem: LinkageError) {
            throw toldIn(problem) ?: problem
        }
    }

    /** What [problem] means, if it comes from libraries that don't go together. */
    fun toldIn(problem: Throwable): IncompatibleRuntimeException? = generateSequence(problem) { it.cause }.take(DEEPEST).find(::isMismatch)
        ?.let { IncompatibleRuntimeException(found, problems.ifEmpty { listOf(it.toString()) }, it) }

    /** What was compiled against isn't what is there. A failed initialiser or a missing native library is something else. */
    private fun isMismatch(problem: Throwable) =
        problem is IncompatibleClassChangeError || problem is NoClassDefFoundError || problem is VerifyError

    companion object {
        private const val DEEPEST = 20

        /** Of this process; it looks once, when the first client is made. */
        val Here = RuntimeCheck { versionsOn(RuntimeCheck::class.java.classLoader) }
    }
}
