package dev.sesame.bench.faults

import dev.sesame.bench.signal
import kotlin.random.Random

/** One kind of harm: [strike] does it, holds it while the load goes on, and ends it. After that the brokers must be back by themselves. */
internal class Fault(val name: String, val lastsMs: Long, val strike: () -> Unit)

/** All that can be broken in [scene], with what is left out here and why. */
internal class Faults(private val scene: Scene, private val random: Random) {
    private val disks = DiskFaults(scene, ::hold)
    private val nodes get() = scene.nodes

    fun all(): List<Fault> = ofBrokers() + ofWays() + ofPostgres() + disks.all() + ofClocks()

    val leftOut: List<String> get() = listOfNotNull(
        disks.leftOut,
        "clock steps (no libfaketime, as in Debian's package of that name)".takeIf { nodes.any { it.clock == null } },
    )

    private fun ofBrokers() = listOf(
        Fault("a broker killed", 0) { nodes.random(random).broker.run { kill().also { start() } } },
        Fault("all brokers killed", 0) { nodes.onEach { it.broker.kill() }.forEach { it.broker.start() } }.takeIf { nodes.size > 1 },
        Fault("a broker stopped", SHORT_STOP_MS) { stopped(SHORT_STOP_MS) },
        Fault("a broker stopped beyond its lease on the work", BEYOND_LEASE_MS) { stopped(BEYOND_LEASE_MS) },
        Fault("a broker stopped beyond its writer's turn", BEYOND_TURN_MS) { stoppedBesideOthers() },
    ).filterNotNull()

    private fun ofWays(): List<Fault> {
        val manners = listOf(Manner.CUTS to "cut", Manner.DELAYS to "delayed", Manner.SPLITS to "split into bytes")
        val ways = listOf("calls" to nodes.map { it.front }, "what goes to the database" to nodes.mapNotNull { it.back })
        return ways.filter { it.second.isNotEmpty() }.flatMap { (what, proxies) ->
            manners.map { (manner, done) -> Fault("$what $done", WAYS_MS) { onWays(proxies, manner) } }
        }
    }

    private fun ofPostgres(): List<Fault> = scene.postgres?.let { postgres ->
        listOf(
            Fault("PostgreSQL restarted, fast", 0) { postgres.run { stop().also { start() } } },
            Fault("PostgreSQL restarted, immediate", 0) { postgres.run { crash().also { start() } } },
            Fault("PostgreSQL stopped", POSTGRES_STOP_MS) {
                val processes = postgres.processes()
                signal(processes, "STOP")
                hold(POSTGRES_STOP_MS)
                signal(processes, "CONT")
            },
        )
    }.orEmpty()

    private fun ofClocks(): List<Fault> = nodes.mapNotNull { it.clock }.takeIf { it.isNotEmpty() }?.let { clocks ->
        // It stays there until it is set anew: the step is what is to be borne, not the difference.
        listOf(LongRange(1, MOST_SECONDS) to "ahead", LongRange(-MOST_SECONDS, -1) to "back").map { (seconds, where) ->
            Fault("a clock set $where", CLOCK_MS) { clocks.random(random).set(random.nextLong(seconds.first, seconds.last)).also { hold(CLOCK_MS) } }
        }
    }.orEmpty()

    private fun stopped(milliseconds: Long) {
        val broker = nodes.random(random).broker
        broker.stop()
        hold(milliseconds)
        broker.goOn()
    }

    /** Whatever it was in the middle of: the others must go on before it does. */
    private fun stoppedBesideOthers() {
        val node = nodes.random(random)
        val others = scene.doors.filterIndexed { index, _ -> nodes[index] != node }
        val began = System.nanoTime()
        node.broker.stop()
        if (others.isNotEmpty() && Probe(scene).untilWell(BEYOND_TURN_MS, others) == null) {
            scene.faults += "NOT BACK: while one broker stood still, the others did not go on within $BEYOND_TURN_MS ms"
        }
        hold(BEYOND_TURN_MS - (System.nanoTime() - began) / NANOS)
        node.broker.goOn()
    }

    private fun onWays(proxies: List<FaultyProxy>, manner: Manner) {
        val before = proxies.sumOf { it.struck.get() }
        proxies.forEach { it.manner = manner }
        hold(WAYS_MS)
        proxies.forEach { it.manner = Manner.WELL }
        check(proxies.sumOf { it.struck.get() } > before) { "nothing was on the ways that should be $manner" }
    }

    private fun hold(milliseconds: Long) = Thread.sleep(maxOf(0, milliseconds))

    private companion object {
        const val SHORT_STOP_MS = 1_500L

        /** The lease lasts 6 s, and whoever takes it over looks once a second. */
        const val BEYOND_LEASE_MS = 8_500L

        /** The server ends a turn after 10 s; webhooks may have to wait for another's lease meanwhile. */
        const val BEYOND_TURN_MS = 15_000L
        const val POSTGRES_STOP_MS = 5_000L
        const val WAYS_MS = 2_500L
        const val CLOCK_MS = 2_500L

        /** What was due by a clock that is set back falls due later by so much, twice. */
        const val MOST_SECONDS = 25L
        const val NANOS = 1_000_000L
    }
}
