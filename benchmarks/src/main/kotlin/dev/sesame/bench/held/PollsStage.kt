package dev.sesame.bench.held

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.floor.BareProcess
import dev.sesame.bench.waits.Deciders
import dev.sesame.bench.waits.Gauges
import java.nio.file.Path

/** What one server showed; in [revoked], all were woken by one call that ended their key. */
internal class PollFigures(val nothing: Double?, val kept: Cost, val decided: List<HeldCost>, val revoked: List<HeldCost> = emptyList())

/**
 * Long polls held by the broker, beside calls held by its bare engine, and connections that are only kept open.
 *
 * All are woken by decisions, as fast as eight people can make them, each durable; and by one call that takes their key away, so that what is
 * timed is the waking alone, as with the bare engine.
 */
internal class PollsStage(private val plan: HeldPlan, private val scratch: Path, private val say: (String) -> Unit) {
    /** Whether all had their answers. */
    fun run(): Boolean {
        val bare = BareProcess(scratch, HeldBench.fixedHeap).use { process ->
            process.start()
            ofBare(process, Holding(BareEngine(process), plan.idleSeconds))
        }
        val own = BrokerProcess(scratch, jvm = HeldBench.fixedHeap).use { broker ->
            broker.start()
            Gauges(broker).use { gauges -> ofBroker(broker, Holding(BrokerServer(broker, gauges), plan.idleSeconds)) }
        }
        return PollsTable(plan.polls, bare, own, say).print()
    }

    private fun ofBare(process: BareProcess, holding: Holding): PollFigures {
        val calls = HeldCalls(List(plan.polls) { "/hold" }, credential = null, sign = DENIED)
        val rounds = rounds { isLast -> holding.held(calls, isLast, process::release) }
        return PollFigures(holding.nothing(), holding.kept(plan.polls), rounds)
    }

    private fun ofBroker(broker: BrokerProcess, holding: Holding): PollFigures {
        val decided = rounds { isLast ->
            val questions = Questions(broker)
            val ids = questions.open(plan.polls)
            Deciders(broker.url, broker.adminToken).use { people ->
                holding.held(callsOf(ids, questions, DENIED), isLast) { people.decideAll(ids, "deny") }
            }
        }
        val revoked = rounds {
            val questions = Questions(broker)
            holding.held(callsOf(questions.open(plan.polls), questions, REFUSED), looks = false, questions::revoke)
        }
        return PollFigures(holding.nothing(), holding.kept(plan.polls), decided, revoked)
    }

    /** The first only warms up, where there are more; it loses nothing either. */
    private fun rounds(one: (isLast: Boolean) -> HeldCost): List<HeldCost> {
        val all = List(plan.rounds) { one(it == plan.rounds - 1) }
        check(all.first().lost == 0) { "${all.first().lost} calls of the first round had no answer, or a wrong one" }
        return if (all.size > 1) all.drop(1) else all
    }

    private fun callsOf(ids: List<String>, questions: Questions, sign: String) =
        HeldCalls(ids.map { "/v1/approvals/$it?wait=true&timeout_seconds=$HOLD_S" }, questions.key, sign)

    companion object {
        /** As long as the broker holds any. */
        const val HOLD_S = 50
        private const val DENIED = "\"status\":\"denied\""
        private const val REFUSED = "HTTP/1.1 401"
    }
}
