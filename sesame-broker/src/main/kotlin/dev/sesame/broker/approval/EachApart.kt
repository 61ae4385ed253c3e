package dev.sesame.broker.approval

import kotlinx.coroutines.CancellationException

/**
 * Does [step] for each of [ids]: one that fails doesn't hold up those after it. The first failure is thrown in the end, or at once where it isn't
 * the only one by far: then the store is away, and none will do.
 */
internal suspend fun eachApart(ids: List<String>, step: suspend (String) -> Unit) {
    val failures = mutableListOf<Exception>()
    for (id in ids) {
        try {
            step(id)
        } catch (leaving: CancellationException) {
            throw leaving
        } catch (problem: Exception) { // whatever it is, the others are due as well
            failures += problem
            if (failures.size == MOST_FAILURES) break
        }
    }
    failures.firstOrNull()?.let { throw it }
}

private const val MOST_FAILURES = 5
