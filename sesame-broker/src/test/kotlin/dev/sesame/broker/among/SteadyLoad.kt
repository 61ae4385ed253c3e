package dev.sesame.broker.among

import dev.sesame.broker.Answer
import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import dev.sesame.broker.http.claimant
import dev.sesame.broker.http.shouldBeOk
import dev.sesame.broker.store.ids
import io.kotest.assertions.withClue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/**
 * Callers who ask at two brokers, a few times a second. Each question gets a yes and a no, and whoever claims its run does so at both; what of
 * this was answered well is remembered, to be looked for afterwards.
 */
internal class SteadyLoad(private val brokers: List<TestBroker>) : AutoCloseable {
    private class Asked(val id: String) {
        val decisions = ArrayList<String>()
        val claims = ArrayList<String>()
        var isReported = false
    }

    private val requester = brokers.first().requester()
    private val says = brokers.first().approver().http.bearer
    private val denies = brokers.first().approver().http.bearer
    private val asked = ConcurrentLinkedQueue<Asked>()
    private val unexpected = ConcurrentLinkedQueue<Answer>()
    private val reported = AtomicInteger()
    private val over = CountDownLatch(1)
    private val callers = brokers.indices.map { Thread.ofVirtual().start { callOn(brokers.drop(it) + brokers.take(it)) } }

    /** How many runs were asked for, approved, claimed, and reported as good. */
    val done: Int get() = reported.get()

    private fun callOn(order: List<TestBroker>) {
        var round = 0
        while (!over.await(PACE_MS, TimeUnit.MILLISECONDS)) ask(order, yesFirst = round++ % 4 != 0)
    }

    private fun ask(order: List<TestBroker>, yesFirst: Boolean) {
        val opened = order[0].call(requester.http.bearer, "", "action" to "steady.load", "summary" to "Load", "dedup_key" to ids.bare())
        if (opened.status != 201) return
        val one = Asked(opened.text("approval_id")!!).also(asked::add)
        val answers = listOf("approve" to says, "deny" to denies).let { if (yesFirst) it else it.reversed() }
        answers.zip(order.reversed()).forEach { (answer, at) ->
            val (decision, whose) = answer
            if (at.call(whose, "/${one.id}/decision", "decision" to decision).status == 200) one.decisions += decision
        }
        order.forEach { at ->
            val claim = arrayOf("claimant" to claimant(), "context_hash" to opened.text("context_hash"))
            val granted = at.call(requester.http.bearer, "/${one.id}/claim", *claim)
            if (granted.status == 200) one.claims += granted.text("claim_token")!!
        }
        val token = one.claims.firstOrNull() ?: return
        val outcome = arrayOf("claim_token" to token, "outcome" to "succeeded")
        one.isReported = order[1].call(requester.http.bearer, "/${one.id}/outcome", *outcome).status == 200
        if (one.isReported) reported.incrementAndGet()
    }

    private fun TestBroker.call(bearer: String?, path: String, vararg fields: Pair<String, Any?>): Answer =
        Http(url, bearer).post("/v1/approvals$path", *fields).also { if (it.status !in EXPECTED) unexpected += it }

    /** No more calls. */
    override fun close() {
        over.countDown()
        callers.forEach { it.join() }
    }

    /** All that was answered well is there, and nothing twice. */
    fun verify() {
        unexpected.shouldBeEmpty()
        brokers.forEach { broker ->
            asked.forEach { one ->
                val now = Http(broker.url, requester.http.bearer).get("/v1/approvals/${one.id}").shouldBeOk()
                withClue(now) {
                    one.decisions.size shouldBeLessThan 2
                    one.decisions.forEach { now.text("status") shouldBe if (it == "approve") "approved" else "denied" }
                    one.claims.distinct().size shouldBeLessThan 2
                    if (one.claims.isNotEmpty()) STARTED shouldContain now.text("execution.state")
                    if (one.isReported) now.text("execution.state") shouldBe "succeeded"
                }
            }
        }
    }

    private companion object {
        const val PACE_MS = 50L

        /** Done, somebody else was first, or the database is away. */
        val EXPECTED = setOf(200, 201, 409, 503)
        val STARTED = listOf("claimed", "succeeded")
    }
}
