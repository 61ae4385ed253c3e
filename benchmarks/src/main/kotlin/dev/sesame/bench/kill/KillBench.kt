package dev.sesame.bench.kill

import dev.sesame.bench.BrokerProcess
import dev.sesame.bench.Flags
import dev.sesame.bench.PlainHttp
import dev.sesame.bench.Reply
import dev.sesame.bench.freePort
import dev.sesame.bench.seconds
import dev.sesame.bench.text
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import java.nio.file.Path
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.random.Random

/** How often to kill; how many workers over plain HTTP and how many `approve { }` calls load the broker meanwhile. */
internal class KillPlan(val cycles: Int = 20, val seed: Long = System.nanoTime(), val workers: Int = 16, val errands: Int = 24) {
    companion object {
        fun of(flags: Flags): KillPlan = KillPlan().let { KillPlan(flags.count("--cycles", it.cycles), flags.whole("--seed", it.seed)) }
    }
}

/**
 * `kill -9` of a real broker under mixed load, again and again; after each, everything that was acknowledged must still stand.
 *
 * The seed fixes the load's choices and the moments of the kills, not how the threads meet: the same seed is a similar run, not the same.
 * A kill leaves the kernel's page cache alone: this proves that nothing is acknowledged before it is written and that the recovery works,
 * not that the disk keeps it when the power fails.
 */
internal class KillBench(private val plan: KillPlan, private val scratch: Path, private val say: (String) -> Unit = ::println) {
    private val random = Random(plan.seed)
    private val ledger = Ledger()
    private val broker = BrokerProcess(scratch, freePort(), quickToStart)
    private val history = scratch.resolve("acknowledged.jsonl")
    private lateinit var colleague: String
    private var sdk: SdkLoad? = null
    private var kills = 0

    /** Whether nothing was lost, and no block ran twice. */
    fun run(): Boolean = try {
        broker.use {
            val started = broker.start()
            colleague = secondApprover()
            say("bench kill: --seed ${plan.seed} --cycles ${plan.cycles}")
            say("load: ${plan.workers} workers over plain HTTP, and ${plan.errands} approve { } calls at a time")
            say("broker: pid ${broker.pid}, ready in ${seconds(started)}, limits ${BrokerProcess.limitsInWords}")
            killing()
            finish()
            summary()
        }
    } finally {
        sdk?.close()
    }

    private fun killing() {
        val load = SdkLoad(broker.url, broker.apiKey, ledger, Random(random.nextLong())).also { sdk = it }
        for (cycle in 1..plan.cycles) {
            val before = Act.entries.map(ledger::count)
            val doubtsBefore = ledger.inDoubt.sum()
            val after = random.nextLong(EARLIEST_MS, LATEST_MS)
            underLoad(cycle, load) { untilActive(before.sum(), after) }
            val counts = Act.entries.zip(before).joinToString { (act, was) -> "${ledger.count(act) - was} ${act.name.lowercase()}s" }
            val again = broker.start()
            ledger.appendTo(history)
            val compared = callers().use { Inspection(it.requester, ledger).inspect(ledger.takeTouched()) }
            say(
                "cycle $cycle/${plan.cycles}: killed $after ms into the load; acknowledged $counts; " +
                    "${ledger.inDoubt.sum() - doubtsBefore} calls in doubt; ready again in ${seconds(again)}; " +
                    "$compared approvals compared, ${ledger.broken.size} broken",
            )
            if (ledger.broken.isNotEmpty()) break
        }
    }

    /** The kill comes while everything runs; the workers end at the first call that gets no answer. */
    private fun underLoad(cycle: Int, load: SdkLoad, moment: () -> Unit) {
        callers().use { callers ->
            val isOver = AtomicBoolean()
            val seeds = List(plan.workers) { random.nextLong() }
            load.topUp(plan.errands)
            val workers = seeds.mapIndexed { index, seed ->
                worker { HttpLoad(callers, ledger, Random(seed), "c$cycle-w$index").work(isOver::get) }
            } + worker { while (!isOver.get()) load.topUp(plan.errands).also { Thread.sleep(TOP_UP_MS) } }
            moment()
            broker.kill()
            kills++
            isOver.set(true)
            workers.forEach { it.join() }
        }
    }

    /** The time to the kill runs from the cycle's first acknowledged call: a cold broker must not make it an idle one. */
    private fun untilActive(before: Long, thenMs: Long) {
        val end = System.nanoTime() + FIRST_WITHIN_MS * 1_000_000
        while (Act.entries.sumOf(ledger::count) == before && System.nanoTime() < end) Thread.sleep(1)
        Thread.sleep(thenMs)
    }

    /** Without kills: what waits is answered, what runs may end, and everything is compared once more. */
    private fun finish() {
        val load = checkNotNull(sdk)
        val end = System.nanoTime() + FINISH_MS * 1_000_000
        callers().use { callers ->
            HttpLoad(callers, ledger, Random(plan.seed), "end").decideAll { load.isIdle || System.nanoTime() > end }
            if (!load.isIdle) ledger.broken += "some approve { } calls did not end within $FINISH_MS ms of a healthy broker"
            val inspection = Inspection(callers.requester, ledger)
            var compared = inspection.inspect(ledger.cases.values.toList())
            // A report may outlive its call, which returns after some seconds of a broker that is gone.
            while (load.errands.any(::isUnreported) && System.nanoTime() < end) {
                Thread.sleep(TOP_UP_MS)
                compared = inspection.inspect(ledger.cases.values.toList())
            }
            say("at the end: all $compared approvals of the run compared once more, ${ledger.broken.size} broken")
        }
        load.errands.forEach(::checkRuns)
    }

    private fun isUnreported(errand: Errand) = !errand.isAbandoned && errand.starts.get() == 1 && errand.case.stage == Case.CLAIMED

    private fun checkRuns(errand: Errand) {
        val case = errand.case
        val starts = errand.starts.get()
        when {
            starts > 0 && !case.stage.startsWith("approved") -> ledger.broken += "$case ran and shows as ${case.stage}"
            errand.isAbandoned -> Unit
            starts == 1 && case.stage != "approved/succeeded" -> ledger.broken += "$case ran and shows as ${case.stage}"
            starts == 0 && case.stage.startsWith("approved") -> ledger.broken += "$case was approved and never ran"
        }
    }

    private fun summary(): Boolean {
        summaryOf(ledger, sdk?.errands.orEmpty().map { it.starts.get() }, kills).forEach(say)
        return ledger.broken.isEmpty()
    }

    private fun secondApprover(): String = PlainHttp(broker.url, broker.adminToken).use { admin ->
        val made = admin.post("/v1/admin/approvers", buildJsonObject { put("name", "colleague") })
        checkNotNull((made as? Reply.Done)?.body?.text("token")) { "no second approver could be made: $made" }
    }

    private fun callers() = Callers(
        PlainHttp(broker.url, broker.apiKey),
        listOf(PlainHttp(broker.url, broker.adminToken), PlainHttp(broker.url, colleague)),
    )

    private fun worker(work: () -> Unit): Thread = Thread.ofVirtual().start {
        try {
            work()
        } catch (problem: Exception) { // whatever it is, the run is not a proof any more
            ledger.broken += "a worker failed: $problem"
        }
    }

    private companion object {
        val quickToStart = listOf("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
        const val EARLIEST_MS = 200L
        const val LATEST_MS = 1_500L
        const val FIRST_WITHIN_MS = 20_000L
        const val TOP_UP_MS = 20L
        const val FINISH_MS = 60_000L
    }
}
