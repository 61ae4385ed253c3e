package dev.sesame.internal

import dev.sesame.InvalidRequestException
import dev.sesame.SesameConfig
import kotlinx.coroutines.CoroutineDispatcher
import java.net.http.HttpClient
import kotlin.time.Duration

/** HTTP, as far as the wire contract needs it. Where no whole answer comes, for whatever reason, an exception says so. */
internal interface Http : AutoCloseable {
    /** Returns when the whole answer is here, within [atMost]. */
    suspend fun exchange(call: HttpCall, atMost: Duration): HttpAnswer

    /** Hands [read] an answer that goes on and on, once its head is here, within [headWithin]; the exchange ends with it. */
    suspend fun stream(call: HttpCall, headWithin: Duration, read: suspend (HttpStream) -> Unit)

    companion object {
        /** Of an answer that is larger no more than this is read. */
        const val LARGEST_ANSWER_BYTES = 16 * 1024 * 1024

        /** By what [config] brings along, else by a client of its own on [threads]. */
        fun of(config: SesameConfig, threads: CoroutineDispatcher): Http {
            val client = config.httpClient
            val problem = when {
                client == null -> null
                config.engine != null -> "can't be set beside engine: which is to make the calls?"
                client.followRedirects() != HttpClient.Redirect.NEVER -> "must not follow redirects: they could carry the key elsewhere"
                else -> null
            }
            problem?.let { throw InvalidRequestException("httpClient $it", mapOf("httpClient" to it)) }
            return config.engine?.let(::KtorHttp) ?: JdkHttp(client, threads)
        }
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
