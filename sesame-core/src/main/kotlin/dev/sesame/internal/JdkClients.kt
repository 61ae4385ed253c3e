package dev.sesame.internal

import java.io.IOException
import java.net.http.HttpClient
import java.util.concurrent.Executor
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource
import kotlin.time.toJavaDuration

/** The JDK's clients that calls go by, one at a time. Thread-safe. */
internal interface JdkClients : AutoCloseable {
    /** An [IOException] where this was closed. */
    fun current(): HttpClient

    /** [silent] gave no answer in time. */
    fun renew(silent: HttpClient)
}

/** The one that a program brings along, and closes. */
internal class GivenJdkClient(private val client: HttpClient) : JdkClients {
    override fun current(): HttpClient = client

    override fun renew(silent: HttpClient) = Unit

    override fun close() = Unit
}

/**
 * A client of its own, made at the first call, and anew after one without an answer: connections that were kept, and that a firewall or a dead
 * host forgot since, would answer nothing to the next tries either.
 */
internal class OwnJdkClients(private val threads: Executor, private val time: TimeSource = TimeSource.Monotonic) : JdkClients {
    private var client: HttpClient? = null
    private var madeAt: TimeMark = time.markNow()
    private var isClosed = false

    @Synchronized
    override fun current(): HttpClient {
        if (isClosed) throw IOException("closed")
        return client ?: make().also {
            client = it
            madeAt = time.markNow()
        }
    }

    @Synchronized
    override fun renew(silent: HttpClient) {
        if (client !== silent || madeAt.elapsedNow() < RENEWED_AT_MOST_EVERY) return
        client = null
        silent.end(BY_AND_BY)
    }

    @Synchronized
    override fun close() {
        isClosed = true
        client?.end(AT_ONCE)
        client = null
    }

    private fun make(): HttpClient = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER) // would carry the key elsewhere
        .connectTimeout(Http.CONNECT_WITHIN.toJavaDuration())
        .executor(threads)
        .build()

    private companion object {
        val RENEWED_AT_MOST_EVERY = 10.seconds
        const val BY_AND_BY = "shutdown"
        const val AT_ONCE = "shutdownNow"

        /** From JDK 21 on a client can be told to end; before, it does so once nobody holds it. */
        fun HttpClient.end(how: String) {
            HttpClient::class.java.methods.find { it.name == how }?.invoke(this)
        }
    }
}
