package dev.sesame.bench.growth

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.waits.percentile
import kotlin.random.Random

/** Makes each of the calls a number of times, after some that only warm up; one at a time. */
internal class Rehearsal(
    private val broker: BrokerProcess,
    private val sample: List<Copy>,
    private val random: Random,
    private val count: Int,
) {
    fun run(): Map<String, Took> = Calls(broker, sample, random).use { calls ->
        val cursor = calls.cursor()
        val open = ArrayDeque<String>()
        val length = calls.auditLength()
        val steps = linkedMapOf<String, () -> Long>(
            "open" to timed { open += calls.open() },
            "decide" to timed { calls.decide(open.removeFirst()) },
            "read one" to timed { calls.read() },
            "decision to the call that waits for it" to calls::told,
            "list the newest" to timed { calls.list("limit=20") },
            "list the pending" to timed { calls.list("status=pending") },
            "list the denied" to timed { calls.list("status=denied") },
            "list those of a rare action" to timed { calls.list("action=${GrowthBench.RARE}") },
            "list by dedup key" to timed { calls.byDedupKey() },
            "inbox: the pending" to timed { calls.inbox("status=pending") },
            "inbox: runs of unknown outcome" to timed { calls.inbox("execution=unknown") },
            "inbox: those of a rare action" to timed { calls.inbox("action=${GrowthBench.RARE}") },
            "feed from a cursor to its first decision" to timed { calls.feed(cursor) },
            "audit: the newest entries" to timed { calls.auditTail(length) },
        )
        steps.mapValues { (_, step) ->
            repeat(maxOf(1, count / WARMING)) { step() }
            Took(List(count) { step() / NS_IN_MS })
        }
    }

    private fun timed(call: () -> Unit): () -> Long = {
        val began = System.nanoTime()
        call()
        System.nanoTime() - began
    }

    private companion object {
        const val WARMING = 4
        const val NS_IN_MS = 1e6
    }
}

/** How long a call took, in milliseconds. */
internal class Took(millis: List<Double>) {
    val p50 = percentile(millis, HALF)
    val p99 = percentile(millis, NEARLY_ALL)

    private companion object {
        const val HALF = 0.5
        const val NEARLY_ALL = 0.99
    }
}
