package dev.sesame.checks.contract

import java.io.BufferedReader
import java.net.http.HttpResponse.BodyHandlers
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit.SECONDS

/** One stream of the decision feed, read line by line. */
internal class FeedReader(caller: Caller, after: String? = null) : AutoCloseable {
    private val response = Caller.http.send(
        caller.request("/v1/decisions").header("Accept", "text/event-stream").apply {
            after?.let { header("Last-Event-ID", it) }
        }.GET().build(),
        BodyHandlers.ofInputStream(),
    )
    val status: Int = response.statusCode()
    private val lines: BufferedReader = response.body().bufferedReader()

    /** The fields of the next event, comments left out. */
    fun next(): Map<String, String> = CompletableFuture.supplyAsync { read() }.get(30, SECONDS)

    private fun read(): Map<String, String> {
        val event = LinkedHashMap<String, String>()
        while (true) {
            val line = lines.readLine() ?: error("the feed ended")
            if (line.isEmpty() && event.isNotEmpty()) return event
            if (line.isNotEmpty() && !line.startsWith(':')) event[line.substringBefore(':')] = line.substringAfter(": ")
        }
    }

    override fun close(): Unit = response.body().close()
}
