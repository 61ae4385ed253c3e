package dev.sesame.broker.http

import dev.sesame.broker.Http
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.io.IOException
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit.SECONDS
import java.util.stream.Stream

/** A reader of the decision feed, or of another stream of events at [path]. */
internal class Feed(
    http: Http,
    lastEventId: String? = null,
    path: String = "/v1/decisions",
    headers: Array<out Pair<String, String>> = emptyArray(),
) : AutoCloseable {
    class Event(val id: String, val name: String, val json: JsonObject) {
        fun text(name: String): String = (json.getValue(name) as JsonPrimitive).content
    }

    private val response: HttpResponse<Stream<String>> = Http.client.send(
        http.request(path).header("Accept", "text/event-stream")
            .apply { lastEventId?.let { header("Last-Event-ID", it) } }
            .apply { headers.forEach { (name, value) -> header(name, value) } }
            .build(),
        BodyHandlers.ofLines(),
    )
    private val events = LinkedBlockingQueue<Event>()
    private val reader = Thread.ofVirtual().start(::read)

    val status: Int get() = response.statusCode()

    /** The next event, which must come within seconds. */
    fun next(): Event = checkNotNull(events.poll(10, SECONDS)) { "no event came" }

    /** Whether the broker ends the stream within seconds. */
    fun ends(): Boolean = reader.join(java.time.Duration.ofSeconds(10))

    override fun close() {
        response.body().close()
    }

    private fun read() {
        val fields = mutableMapOf<String, String>()
        try {
            response.body().forEach { line ->
                if (line.isNotEmpty()) {
                    fields[line.substringBefore(": ")] = line.substringAfter(": ")
                } else if ("data" in fields) {
                    val json = Json.parseToJsonElement(fields.getValue("data")) as JsonObject
                    events += Event(fields.getValue("id"), fields.getValue("event"), json)
                    fields.clear()
                }
            }
        } catch (_: IOException) {
            // Closed by the test.
        } catch (problem: java.io.UncheckedIOException) {
            check(problem.cause is IOException)
        }
    }
}
