package dev.sesame.bench.faults

import dev.sesame.Approval
import dev.sesame.ApprovalDeniedException
import dev.sesame.ApprovalWithdrawnException
import dev.sesame.BrokerUnavailableException
import dev.sesame.ExecutionState
import dev.sesame.Sesame
import dev.sesame.SesameException
import dev.sesame.SesameListener
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * `approve { }` with dedup keys in two clients, like replicas of one service: one waits over the feed, one over polls, and some keys are in both
 * at once. A call that the client gave up is made again.
 */
internal class Errands(
    urls: List<String>,
    apiKey: String,
    private val history: History,
    private val people: People,
    private val random: Random,
) : AutoCloseable {
    private val scope = CoroutineScope(Dispatchers.Default + SupervisorJob())
    private val known: MutableSet<String> = ConcurrentHashMap.newKeySet()
    private val begun = AtomicInteger()
    private val underWay = AtomicInteger()
    private val replicas = listOf(urls.first(), urls.last()).mapIndexed { index, url ->
        Sesame {
            this.apiKey = apiKey
            brokerUrl = url
            longPollOnly = index == 1
            retryFor = GIVES_UP
            listener = Hearing()
        }
    }

    val isIdle: Boolean get() = underWay.get() == 0

    /** Begins errands until [count] are under way. */
    fun topUp(count: Int, callbackUrl: String) {
        while (underWay.get() < count) begin(callbackUrl)
    }

    override fun close() {
        runBlocking { scope.coroutineContext.job.cancelAndJoin() }
        replicas.forEach { it.close() }
    }

    private fun begin(callbackUrl: String) {
        val key = "sdk-${begun.incrementAndGet()}"
        val who = if (random.nextInt(RIVALS_ONE_IN) == 0) replicas else listOf(replicas.random(random))
        val lasting = random.nextLong(if (random.nextInt(LONG_ONE_IN) == 0) LONG_MS else SHORT_MS).milliseconds
        underWay.incrementAndGet()
        scope.launch {
            coroutineScope {
                who.forEach { sesame ->
                    launch {
                        while (!ends(key) { sesame.run(key, callbackUrl) { delay(lasting) } }) delay(AGAIN)
                    }
                }
            }
        }.invokeOnCompletion { underWay.decrementAndGet() }
    }

    private suspend fun Sesame.run(key: String, callbackUrl: String, work: suspend () -> Unit): String =
        approve(ACTION, context = contextOf(key), dedupKey = key, callbackUrl = callbackUrl, expiresIn = EXPIRES) { approval ->
            history.keep(Line(Said.BEGUN, CALL, key, mapOf("id" to approval.id)))
            work()
            history.keep(Line(Said.ENDED, CALL, key, mapOf("id" to approval.id)))
            approval.id
        }

    /** Whether the call came to an end of which the client is sure. */
    private suspend fun ends(key: String, call: suspend () -> String): Boolean {
        history.asks(CALL, key)
        try {
            val id = call()
            history.keep(Line(Said.RETURNED, CALL, key, mapOf("id" to id)))
        } catch (problem: SesameException) {
            val approval = (problem as? ApprovalDeniedException)?.approval ?: (problem as? ApprovalWithdrawnException)?.approval
            val facts = mapOf("exception" to problem.javaClass.simpleName) + approval?.let { mapOf("id" to it.id) }.orEmpty()
            history.keep(Line(Said.THREW, CALL, key, facts))
            return problem !is BrokerUnavailableException
        }
        return true
    }

    private inner class Hearing : SesameListener {
        override fun requested(approval: Approval) {
            val facts = listOfNotNull("id" to approval.id, approval.requestHash?.let { "request_hash" to it }).toMap()
            history.keep(Line(Said.DONE, Door.OPEN, approval.dedupKey.orEmpty(), facts))
            if (known.add(approval.id)) people.ask(Asked(approval.dedupKey.orEmpty(), approval.id))
        }

        override fun unreported(approval: Approval, outcome: ExecutionState) =
            history.keep(Line(Said.UNREPORTED, CALL, approval.dedupKey.orEmpty(), mapOf("id" to approval.id)))
    }

    companion object {
        const val CALL = "approve { }"
        const val ACTION = "bench.faults"

        /** Beyond any run of this. */
        val EXPIRES = 7_200.seconds
        private val GIVES_UP = 8.seconds
        private val AGAIN = 100.milliseconds
        private const val RIVALS_ONE_IN = 4
        private const val LONG_ONE_IN = 8
        private const val LONG_MS = 1_500L
        private const val SHORT_MS = 30L
    }
}
