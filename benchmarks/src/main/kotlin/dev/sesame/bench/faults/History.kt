package dev.sesame.bench.faults

import dev.sesame.bench.Reply
import dev.sesame.bench.text
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject
import java.nio.ByteBuffer
import java.nio.channels.ClosedChannelException
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.APPEND
import java.nio.file.StandardOpenOption.CREATE
import java.util.concurrent.atomic.AtomicLong

/** What a line of the history tells. */
internal enum class Said {
    /** A call is about to be sent. */
    ASKS,

    /** It was acknowledged with a 2xx, and the document says so much. */
    DONE,

    /** A 4xx. */
    REFUSED,

    /** A cut connection, a timeout, a 5xx. */
    UNANSWERED,

    /** A block begins, and ends. */
    BEGUN,
    ENDED,

    /** A call of the SDK's returned the block's value, or threw. */
    RETURNED,
    THREW,

    /** The SDK gave up telling what became of a run. */
    UNREPORTED,

    /** A webhook came, and was signed as it must be. */
    CAME,

    /** One came that wasn't. */
    FORGED,
}

/** One line: of which [call] for the question [key] it tells, and the [facts] that came with it. */
internal class Line(val said: Said, val call: String, val key: String, val facts: Map<String, String>) {
    val id: String? get() = facts["id"]
}

/** What the driver did, saw and was told: each line is on the disk before the driver goes on, so that a call is there before it is sent. */
internal class History(private val file: Path) : AutoCloseable {
    private val channel = FileChannel.open(file, CREATE, APPEND)
    private val calls = AtomicLong()
    private val doubts = AtomicLong()

    /** How many calls got no answer until now. */
    val unanswered: Long get() = doubts.get()

    /** Returns the call's number, for its answer. */
    fun asks(call: String, key: String, facts: Map<String, String> = emptyMap()): Long =
        calls.incrementAndGet().also { keep(Line(Said.ASKS, call, key, facts), it) }

    fun answer(number: Long, call: String, key: String, reply: Reply) = keep(
        when (reply) {
            is Reply.Done -> Line(Said.DONE, call, key, factsOf(reply.body))
            is Reply.Refused -> Line(Said.REFUSED, call, key, mapOf("code" to reply.code))
            Reply.None -> Line(Said.UNANSWERED, call, key, emptyMap()).also { doubts.incrementAndGet() }
        },
        number,
    )

    fun keep(line: Line, number: Long = 0) {
        val text = buildJsonObject {
            put("said", line.said.name)
            put("call", line.call)
            put("number", number)
            put("key", line.key)
            putJsonObject("facts") { line.facts.forEach { (name, value) -> put(name, value) } }
        }
        val bytes = ByteBuffer.wrap("$text\n".toByteArray())
        try {
            synchronized(channel) { while (bytes.hasRemaining()) channel.write(bytes) }
            // Beside others: one flush of the disk may do for many.
            channel.force(false)
        } catch (_: ClosedChannelException) {
            // The run is over; a client that is being closed has still something to say.
        }
    }

    /** As the disk has it. */
    fun read(): List<Line> = Files.readAllLines(file).map { line ->
        val told = Json.parseToJsonElement(line).jsonObject
        val facts = told.getValue("facts").jsonObject.let { facts -> facts.keys.associateWith { facts.text(it).orEmpty() } }
        Line(Said.valueOf(told.text("said").orEmpty()), told.text("call").orEmpty(), told.text("key").orEmpty(), facts)
    }

    override fun close() = channel.close()
}

/** What must stand of a document, once it was told. */
internal fun factsOf(document: JsonObject): Map<String, String> {
    val decision = document["decision"] as? JsonObject
    val by = decision?.get("by") as? JsonObject
    val execution = document["execution"] as? JsonObject
    return listOfNotNull(
        document.text("approval_id")?.let { "id" to it },
        document.text("dedup_key")?.let { "key" to it },
        document.text("request_hash")?.let { "request_hash" to it },
        document.text("context_hash")?.let { "context_hash" to it },
        document.text("created_at")?.let { "created_at" to it },
        document.text("expires_at")?.let { "expires_at" to it },
        document.text("status")?.let { "status" to it },
        document.text("decided_at")?.let { "decided_at" to it },
        by?.text("id")?.let { "by" to it },
        execution?.text("state")?.let { "execution" to it },
    ).toMap()
}
