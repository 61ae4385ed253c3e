package dev.sesame.bench.leaks

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.PlainHttp
import dev.sesame.bench.answered
import dev.sesame.bench.text
import dev.sesame.bench.waits.Gauges
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.util.UUID
import java.util.concurrent.locks.LockSupport
import kotlin.random.Random

/** What is broken off. */
internal enum class Broken { POLL, FEED, INBOX, HALF_SENT }

/** When: as soon as it is sent, once the broker holds it, or while the broker answers. */
internal enum class Moment { AT_ONCE, HELD, MID_ANSWER }

/** Connections to a broker that are begun and broken off, a batch of one kind after the other. */
internal class BrokenCalls(private val broker: BrokerProcess, private val random: Random) : AutoCloseable {
    private val requester = PlainHttp(broker.url, broker.apiKey)
    private val admin = PlainHttp(broker.url, broker.adminToken)
    private val gauges = Gauges(broker)
    private val people = List(PEOPLE) { approver() }
    private val pending = asked()
    private val done = HashMap<String, Int>()

    /** Breaks off [cycles] connections; returns when the last one is closed here. */
    fun run(cycles: Int) {
        var left = cycles
        while (left > 0) {
            val size = minOf(BATCH, left)
            batch(Broken.entries.random(random), Moment.entries.random(random), size)
            left -= size
        }
    }

    fun counts(): String = done.entries.sortedBy { it.key }.joinToString { "${"%,d".format(it.value)} ${it.key}" }

    override fun close() {
        gauges.close()
        requester.close()
        admin.close()
    }

    private fun batch(what: Broken, moment: Moment, size: Int) {
        val id = if (moment == Moment.MID_ANSWER) asked() else pending
        val calls = List(size) { RawCall(broker.url, request(what, id, it)) }
        val deciding = when (moment) {
            Moment.AT_ONCE -> null
            Moment.HELD -> awaitHeld(what, calls).let { null }
            Moment.MID_ANSWER -> awaitHeld(what, calls).let { admin.posting("/v1/approvals/$id/decision", yes) }
        }
        calls.forEach { call ->
            if (moment == Moment.MID_ANSWER) LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NS))
            val isReset = random.nextBoolean()
            if (isReset) call.reset() else call.finish()
            val name = "${what.name.lowercase()} ${moment.name.lowercase()} by ${if (isReset) "RST" else "FIN"}".replace('_', ' ')
            done.merge(name, 1, Int::plus)
        }
        deciding?.join()
    }

    /** A stream says that it is ready; of a poll the metrics tell, and a half request is never held. */
    private fun awaitHeld(what: Broken, calls: List<RawCall>) = when (what) {
        Broken.FEED, Broken.INBOX -> calls.forEach { it.awaitText("event: ready") }
        Broken.POLL -> awaitPolls(calls.size)
        Broken.HALF_SENT -> LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NS))
    }

    private fun awaitPolls(count: Int) {
        val end = System.nanoTime() + LONGEST_WAIT_NS
        while (gauges.heldPolls() < count) check(System.nanoTime() < end) { "of $count polls ${gauges.heldPolls()} are held" }
    }

    private fun request(what: Broken, id: String, number: Int): ByteArray = when (what) {
        Broken.POLL -> get("/v1/approvals/$id?wait=true&timeout_seconds=50", broker.apiKey)
        Broken.FEED -> get("/v1/decisions", broker.apiKey)
        Broken.INBOX -> get("/v1/inbox/stream", people[number % people.size])
        Broken.HALF_SENT -> post(broker.apiKey).let { it.copyOf(random.nextInt(1, it.size)) }
    }

    private fun get(path: String, bearer: String) =
        "GET $path HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer $bearer\r\n\r\n".toByteArray()

    private fun post(bearer: String): ByteArray {
        val body = question().toString()
        return (
            "POST /v1/approvals HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer $bearer\r\n" +
                "Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n$body"
            ).toByteArray()
    }

    private fun question() = buildJsonObject {
        put("action", "payments.refund")
        put("summary", "Refund 42.00 to Ana")
        put("reason", "x".repeat(REASON))
    }

    private fun asked(): String = requester.post("/v1/approvals", question()).answered().text("approval_id")!!

    private fun approver(): String =
        admin.post("/v1/admin/approvers", buildJsonObject { put("name", "bench-${UUID.randomUUID()}") }).answered().text("token")!!

    private companion object {
        const val BATCH = 50
        const val PEOPLE = 10
        const val REASON = 1_000
        const val LONGEST_PAUSE_NS = 300_000L
        const val LONGEST_WAIT_NS = 20_000_000_000L
        val yes: JsonObject = buildJsonObject { put("decision", "approve") }
    }
}
