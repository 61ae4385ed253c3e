package dev.sesame.bench.rates

import dev.sesame.bench.waits.Gauges
import java.util.concurrent.ConcurrentLinkedQueue

/** One turn of one setup with so many callers: its floors, then opens, decisions, and decisions that waiting programs are told. */
internal class Turn(private val setup: Setup, private val callers: Int, private val plan: RatesPlan) {
    val figures = HashMap<Row, Figure>()

    /** Waits that were decided and not told. */
    var lost = 0
        private set

    private val seconds = plan.seconds

    fun run() {
        measured(Row.FLUSHES) { FlushFloor.run(setup.dir, seconds) }
        measured(Row.ROW_EACH) { setup.floor.each(callers, seconds) }
        measured(Row.ROWS_GROUPED) { setup.floor.grouped(callers, seconds) }
        val opened = ConcurrentLinkedQueue<String>()
        measured(Row.OPENS) { Load.of(callers, seconds) { Opening(setup, it, opened) } }
        measured(Row.DECISIONS) { Load.of(callers, seconds) { Deciding(setup, it, opened) } }
        if (callers == plan.callers.max()) told()
    }

    /** The time is that from the first decision to the last wait that was told; how long each call took is the decision's. */
    private fun told() = WaitingPrograms(setup).use { programs ->
        val told = programs.waiting(plan.waits) { ids, untilAllTold ->
            val left = ConcurrentLinkedQueue(ids)
            measured(Row.TOLD) {
                val began = System.nanoTime()
                val decided = Load.of(callers, LONGEST_SECONDS) { Deciding(setup, it, left) }
                untilAllTold()
                decided.lasting((System.nanoTime() - began) / NS_IN_S)
            }
        }
        lost += plan.waits - told
    }

    private fun measured(row: Row, measure: () -> Load) {
        val flushes = setup.flushes.count()
        val cpu = cpuSeconds()
        val load = measure()
        val used = cpuSeconds()?.let { after -> cpu?.let { (after - it) * US_IN_S / load.calls } }
        val flushed = setup.flushes.count()?.let { after -> flushes?.let { (after - it).toDouble() / load.calls } }
        figures[row] = Figure(load.perSecond, load.millis(HALF), load.millis(NEARLY_ALL), flushed, used.takeIf { row.isBroker })
    }

    /** Of all brokers. */
    private fun cpuSeconds(): Double? = setup.brokers.map { broker -> Gauges(broker).use { it.cpuSeconds()?.second } ?: return null }.sum()

    private companion object {
        const val HALF = 0.5
        const val NEARLY_ALL = 0.99
        const val US_IN_S = 1e6
        const val NS_IN_S = 1e9
        const val LONGEST_SECONDS = 120.0
    }
}

/** Asks, each time another question with a usual context; at one of the brokers. */
private class Opening(setup: Setup, index: Int, private val opened: ConcurrentLinkedQueue<String>) : Caller {
    private val connection = Connection(setup.brokerFor(index).url, setup.apiKey)

    override fun call(): Boolean {
        opened += connection.post("/v1/approvals", QUESTION).approvalId()
        return true
    }

    override fun close() = connection.close()

    private companion object {
        const val QUESTION = "{\"action\":\"payments.refund\",\"summary\":\"Refund 42.00 to Ana\"," +
            "\"context\":{\"customer\":\"cus_7_ana\",\"cents\":4200,\"order\":\"ord-2026-11-7\"}}"
    }
}

/** Approves what was asked, at another broker than asked where there are several. */
internal class Deciding(setup: Setup, index: Int, private val left: ConcurrentLinkedQueue<String>) : Caller {
    private val connection = Connection(setup.brokerFor(index + 1).url, setup.adminToken)

    override fun call(): Boolean {
        val id = left.poll() ?: return false
        val decided = connection.post("/v1/approvals/$id/decision", "{\"decision\":\"approve\"}").approvalId()
        check(decided == id) { "$decided was decided, not $id" }
        return true
    }

    override fun close() = connection.close()
}
