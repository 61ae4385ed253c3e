package dev.sesame.bench.growth

import dev.sesame.bench.BrokerProcess
import java.io.BufferedReader
import java.io.IOException
import java.net.HttpURLConnection
import java.net.URI

/** A decision feed that was just begun, at [cursor] or now. */
internal class Feed(broker: BrokerProcess, cursor: String? = null) : AutoCloseable {
    private val connection = URI("${broker.url}/v1/decisions").toURL().openConnection() as HttpURLConnection
    private val lines: BufferedReader

    init {
        connection.setRequestProperty("Authorization", "Bearer ${broker.apiKey}")
        cursor?.let { connection.setRequestProperty("Last-Event-ID", it) }
        connection.readTimeout = PATIENCE_MS
        lines = connection.inputStream.bufferedReader()
    }

    /** The next event of that name: its id, and what it says. */
    fun event(name: String): Pair<String, String> {
        var id = ""
        var isIt = false
        while (true) {
            val line = lines.readLine() ?: throw IOException("the feed ended before it told of $name")
            when {
                line.startsWith("id: ") -> id = line.removePrefix("id: ")
                line.startsWith("event: ") -> isIt = line == "event: $name"
                line.startsWith("data: ") && isIt -> return id to line.removePrefix("data: ")
            }
        }
    }

    override fun close() = connection.disconnect()

    private companion object {
        const val PATIENCE_MS = 20_000
    }
}
