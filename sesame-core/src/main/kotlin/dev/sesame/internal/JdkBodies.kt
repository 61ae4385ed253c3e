package dev.sesame.internal

import kotlinx.coroutines.channels.Channel
import java.io.ByteArrayOutputStream
import java.net.http.HttpResponse.BodySubscriber
import java.net.http.HttpResponse.ResponseInfo
import java.nio.ByteBuffer
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.Flow

/** Gathers a body, and hands it over before its future is done. What exceeds the largest answer is left out: then it can't be read as JSON. */
internal class WholeBody(private val onEnd: (Result<ByteArray>) -> Unit) : BodySubscriber<Unit> {
    private val bytes = ByteArrayOutputStream()
    private val end = CompletableFuture<Unit>()
    private lateinit var subscription: Flow.Subscription

    override fun getBody(): CompletionStage<Unit> = end

    override fun onSubscribe(subscription: Flow.Subscription) {
        this.subscription = subscription
        subscription.request(Long.MAX_VALUE)
    }

    override fun onNext(item: List<ByteBuffer>) {
        if (end.isDone) return
        item.forEach { bytes.writeBytes(it.take()) }
        if (bytes.size() >= Http.LARGEST_ANSWER_BYTES) {
            subscription.cancel()
            onComplete()
        }
    }

    override fun onComplete() {
        onEnd(Result.success(bytes.toByteArray()))
        end.complete(Unit)
    }

    override fun onError(problem: Throwable) {
        onEnd(Result.failure(problem))
        end.completeExceptionally(problem)
    }
}

/** Hands a body on piece by piece, and lets no more come than is taken. */
internal class BodyInPieces :
    BodySubscriber<Unit>,
    HttpStream,
    AutoCloseable {
    lateinit var head: ResponseInfo
    private val pieces = Channel<ByteArray>(Channel.UNLIMITED)
    private val subscribed = CompletableFuture<Flow.Subscription>()

    override val status: Int get() = head.statusCode()

    override fun header(name: String): String? = head.headers().firstValue(name).orElse(null)

    /** The future of a stream is done with its head. */
    override fun getBody(): CompletionStage<Unit> = CompletableFuture.completedStage(Unit)

    override suspend fun next(): ByteArray? {
        subscribed.thenAccept { it.request(1) }
        return pieces.receiveCatching().run {
            exceptionOrNull()?.let { throw it }
            getOrNull()
        }
    }

    override fun onSubscribe(subscription: Flow.Subscription) {
        subscribed.complete(subscription)
    }

    override fun onNext(item: List<ByteBuffer>) {
        // One piece for what was asked for once: else more would come than is taken.
        pieces.trySend(ByteArrayOutputStream().apply { item.forEach { writeBytes(it.take()) } }.toByteArray())
    }

    override fun onComplete() {
        pieces.close()
    }

    override fun onError(problem: Throwable) {
        pieces.close(problem)
    }

    /** Ends the exchange, and with it the connection, also where it only begins later. */
    override fun close() {
        subscribed.thenAccept { it.cancel() }
        pieces.cancel()
    }
}

private fun ByteBuffer.take() = ByteArray(remaining()).also(::get)
