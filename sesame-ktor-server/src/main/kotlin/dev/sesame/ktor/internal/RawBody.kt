package dev.sesame.ktor.internal

import io.ktor.http.HttpHeaders
import io.ktor.server.application.ApplicationCall
import io.ktor.utils.io.readRemaining
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.io.readByteArray
import kotlin.time.Duration

/** How much of a body is read, and for how long. */
internal class BodyLimits(val maxBytes: Int, val timeout: Duration) {
    init {
        require(maxBytes in 1..LARGEST) { "maxBodyBytes is $maxBytes: it goes from 1 to $LARGEST" }
        require(timeout.isPositive()) { "bodyTimeout is $timeout: it must be positive" }
    }

    private companion object {
        /** It is held in memory, for each request. */
        const val LARGEST = 64 * 1024 * 1024
    }
}

/** A body as the engine got it, before anything decoded it; or why there is none. */
internal sealed interface RawBody {
    class Whole(val bytes: ByteArray) : RawBody

    data object TooLarge : RawBody

    data object TooSlow : RawBody
}

/** Reads the body within [limits], never more of it than is allowed, and keeps it for the handler. */
internal suspend fun ApplicationCall.readRawBody(limits: BodyLimits): RawBody {
    val announced = request.headers[HttpHeaders.ContentLength]?.toLongOrNull()
    if (announced != null && announced > limits.maxBytes) return RawBody.TooLarge
    val bytes = withTimeoutOrNull(limits.timeout) {
        request.receiveChannel().readRemaining(limits.maxBytes + 1L).readByteArray()
    } ?: return RawBody.TooSlow
    if (bytes.size > limits.maxBytes) return RawBody.TooLarge
    check(announced == null || announced == bytes.size.toLong()) {
        "the body was read before Sesame could: of $announced bytes, ${bytes.size} were left"
    }
    keepBody(bytes)
    return RawBody.Whole(bytes)
}
