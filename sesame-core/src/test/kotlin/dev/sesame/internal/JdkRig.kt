package dev.sesame.internal

import dev.sesame.RawCall
import dev.sesame.RawServer
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** The default client against a real socket that does as [answer] says. */
internal suspend fun overSockets(
    answer: (RawCall) -> Unit,
    time: TimeSource = TimeSource.Monotonic,
    test: suspend (RawServer, JdkHttp) -> Unit,
): Unit = RawServer(answer).use { server ->
    val threads = Dispatchers.IO.limitedParallelism(4)
    JdkHttp(OwnJdkClients(threads.asExecutor(), time), threads).use { http -> withTimeout(30.seconds) { test(server, http) } }
}

internal fun RawServer.call(path: String = "/") = HttpCall("GET", url + path, mapOf("Accept" to "application/json"))

internal suspend fun JdkHttp.text(call: HttpCall, atMost: Duration = 10.seconds) = exchange(call, atMost).bytes.decodeToString()
