package dev.sesame.broker.egress

import dev.sesame.broker.delivery.Sent
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.readAvailable
import java.time.InstantSource
import kotlin.time.Duration

/** What a receiver answered, as far as it is read: the status, and the first 2 KB of the body. */
internal class Answer(private val clock: InstantSource) {
    private val bytes = ByteArray(KEPT_BYTES)
    private var size = 0
    private var status: Int? = null
    private var retryAfter: Duration? = null

    /** Whether the body ended within what is read of it. */
    var isWhole = false
        private set

    fun begin(status: Int, retryAfter: String?) {
        this.status = status
        this.retryAfter = retryAfter?.let { RetryAfter.parse(it, clock.instant()) }
    }

    /** Returns at the body's end, or when enough of it is there. */
    suspend fun read(body: ByteReadChannel) {
        while (size < bytes.size && !isWhole) {
            val count = body.readAvailable(bytes, size, bytes.size - size)
            if (count < 0) end(body) else size += count
        }
    }

    /** Ktor tells of a body that broke off as it does of one that ended: only the cause says which it was. */
    private fun end(body: ByteReadChannel) {
        body.closedCause?.let { throw it }
        isWhole = true
    }

    /** [failure] says why it came to no end; `null` where it did. A 2xx without its end is none: better twice than never. */
    fun toSent(failure: String?): Sent {
        val text = bytes.decodeToString(0, size)
        val status = status ?: return Sent(null, failure, text, null)
        return when {
            failure == null -> Sent(status, inWords(status), text, retryAfter)
            status in SUCCESS -> Sent(null, "answered $status, but broke off: $failure", text, retryAfter)
            else -> Sent(status, "${inWords(status)}, and broke off: $failure", text, retryAfter)
        }
    }

    private fun inWords(status: Int): String? = when (status) {
        in SUCCESS -> null
        in REDIRECT -> "answered $status: redirects are not followed"
        else -> "answered $status"
    }

    private companion object {
        const val KEPT_BYTES = 2048
        val SUCCESS = 200..299
        val REDIRECT = 300..399
    }
}
