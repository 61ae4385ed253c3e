package dev.sesame.broker.delivery

import kotlin.time.Duration

/** Sends one webhook; every failure is an answer, never an exception (but cancellation). */
internal fun interface Sender {
    suspend fun send(url: String, headers: Map<String, String>, body: ByteArray): Sent
}

/** What came of one attempt: [status] is `null` where no answer came, and [failure] says why in words for a person. */
internal data class Sent(val status: Int?, val failure: String?, val answer: String, val retryAfter: Duration?)
