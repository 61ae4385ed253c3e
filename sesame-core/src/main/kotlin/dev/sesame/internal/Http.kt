package dev.sesame.internal

import dev.sesame.InvalidRequestException
import dev.sesame.SesameConfig
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.asExecutor
import java.net.http.HttpClient
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** HTTP, as far as the wire contract needs it. Where no whole answer comes, for whatever reason, an exception says so. */
internal interface Http : AutoCloseable {
    /** Returns when the whole answer is here, within [atMost]. */
    suspend fun exchange(call: HttpCall, atMost: Duration): HttpAnswer

    /** Hands [read] an answer that goes on and on, once its head is here, within [headWithin]; the exchange ends with it. */
    suspend fun stream(call: HttpCall, headWithin: Duration, read: suspend (HttpStream) -> Unit)

    companion object {
        /** Of an answer that is larger no more than this is read. */
        const val LARGEST_ANSWER_BYTES = 16 * 1024 * 1024

        val CONNECT_WITHIN = 5.seconds

        /** By what [config] brings along, else by a client of its own on [threads]. */
        fun of(config: SesameConfig, threads: CoroutineDispatcher): Http {
            val given = config.httpClient
            given?.let { problemOf(it, config) }?.let { throw InvalidRequestException("httpClient $it", mapOf("httpClient" to it)) }
            return config.engine?.let(::KtorHttp)
                ?: JdkHttp(given?.let(::GivenJdkClient) ?: OwnJdkClients(threads.asExecutor()), threads)
        }

        private fun problemOf(client: HttpClient, config: SesameConfig): String? = when {
            config.engine != null -> "can't be set beside engine: which is to make the calls?"

            client.followRedirects() != HttpClient.Redirect.NEVER -> "must not follow redirects: they could carry the key elsewhere"

            // JDK-8326949: before, a client that has one sends no credential but its own.
            client.authenticator().isPresent && Runtime.version().feature() < SENDS_KEY_BESIDE_AUTHENTICATOR ->
                "must have no authenticator before Java $SENDS_KEY_BESIDE_AUTHENTICATOR: it would keep the key back"

            else -> null
        }

        private const val SENDS_KEY_BESIDE_AUTHENTICATOR = 24
    }
}

/** What is sent; [address] is whole, with its query. */
internal class HttpCall(val method: String, val address: String, val headers: Map<String, String>, val body: String? = null)

/** A whole answer. */
internal class HttpAnswer(val status: Int, val bytes: ByteArray, private val headers: (String) -> String?) {
    fun header(name: String): String? = headers(name)
}

/** An answer whose body is still coming. */
internal interface HttpStream {
    val status: Int

    fun header(name: String): String?

    /** The next piece of the body, of whatever length; `null` at its end. */
    suspend fun next(): ByteArray?
}
