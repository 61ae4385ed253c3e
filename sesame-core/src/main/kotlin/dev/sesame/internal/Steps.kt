package dev.sesame.internal

import dev.sesame.SesameClosedException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.launch
import java.util.concurrent.CompletableFuture

/**
 * [step] as a future, on the client's own threads. Whoever completes the future first, ends the step; what the step came to is then
 * [undelivered]. Closing the client completes it with `SesameClosedException`.
 */
internal fun <T> Client.future(undelivered: (T & Any) -> Unit = {}, step: suspend () -> T): CompletableFuture<T> {
    val future = CompletableFuture<T>()
    val job = scope.launch(start = CoroutineStart.LAZY) {
        val value = try {
            step()
        } catch (leaving: CancellationException) {
            throw leaving
        } catch (problem: Throwable) { // whatever it is, it is the caller's
            future.completeExceptionally(problem)
            return@launch
        }
        if (!future.complete(value) && value != null) undelivered(value)
    }
    // Only closing cancels it while the future is open.
    job.invokeOnCompletion { cause -> if (cause != null) future.completeExceptionally(SesameClosedException()) }
    future.whenComplete { _, _ -> job.cancel() }
    job.start()
    return future
}
