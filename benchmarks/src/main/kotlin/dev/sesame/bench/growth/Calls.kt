package dev.sesame.bench.growth

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.rates.Answer
import dev.sesame.bench.rates.Connection
import java.util.concurrent.CompletableFuture
import kotlin.random.Random

/** The calls that must take no longer for all that is stored, one at a time; each returns what was answered, or fails. */
internal class Calls(private val broker: BrokerProcess, private val stored: List<Copy>, private val random: Random) : AutoCloseable {
    private val requester = Connection(broker.url, broker.apiKey)
    private val waiting = Connection(broker.url, broker.apiKey)
    private val admin = Connection(broker.url, broker.adminToken)
    private val run = random.nextLong()
    private var asked = 0

    fun open(action: String = "payments.refund"): String = requester.post(
        "/v1/approvals",
        "{\"action\":\"$action\",\"summary\":\"Refund 42.00 to Ana\",\"dedup_key\":\"growth-$run-${asked++}\"," +
            "\"context\":{\"customer\":\"cus_7_ana\",\"cents\":4200,\"order\":\"ord-2026-11-7\"}}",
    ).approvalId()

    fun decide(id: String): Answer = admin.post("/v1/approvals/$id/decision", "{\"decision\":\"approve\"}").ok()

    fun read(): Answer = requester.get("/v1/approvals/${aCopy().id}").ok()

    /** From the sending of the decision to the answer of the call that was held for it, in nanoseconds. */
    fun told(): Long {
        val id = open()
        val held = CompletableFuture.supplyAsync { waiting.get("/v1/approvals/$id?wait=true").ok().body to System.nanoTime() }
        Thread.sleep(UNTIL_HELD_MS)
        val sent = System.nanoTime()
        decide(id)
        val (document, at) = held.join()
        check("\"status\":\"approved\"" in document) { "told of no decision: $document" }
        return at - sent
    }

    fun list(query: String): Answer = requester.get("/v1/approvals?$query").ok()

    fun byDedupKey(): Answer = list("dedup_key=${aCopy().dedupKey}")

    fun inbox(query: String): Answer = admin.get("/v1/inbox?$query").ok()

    fun auditLength(): Long =
        admin.get("/v1/admin/audit?limit=1").ok().body.substringAfter("\"length\":").takeWhile { it.isDigit() }.toLong()

    fun auditTail(length: Long): Answer = admin.get("/v1/admin/audit?after=${length - PAGE}&limit=$PAGE").ok()

    /** What a feed answers first that begins now: its cursor. */
    fun cursor(): String = Feed(broker).use { it.event("ready").first }

    /** The first decision that a feed tells from [cursor] on. */
    fun feed(cursor: String): String = Feed(broker, cursor).use { it.event("decision").second }

    override fun close() = listOf(requester, waiting, admin).forEach { it.close() }

    private fun aCopy() = stored[random.nextInt(stored.size)]

    private fun Answer.ok() = apply { check(status == OK) { "the broker answered $status: $body" } }

    private companion object {
        const val OK = 200
        const val PAGE = 20
        const val UNTIL_HELD_MS = 5L
    }
}

/** An id like the broker's. */
internal fun Random.approvalId(): String = "ap_" + String(CharArray(LENGTH) { ALPHABET[nextInt(ALPHABET.length)] })

private const val ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
private const val LENGTH = 26
