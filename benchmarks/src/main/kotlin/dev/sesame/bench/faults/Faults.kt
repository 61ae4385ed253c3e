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
            Fault("PostgreSQL restarted, fast", 0) { postgres.restart("fast") },
            Fault("PostgreSQL restarted, immediate", 0) { postgres.restart("immediate") },
            Fault("PostgreSQL stopped", POSTGRES_STOP_MS) {
                val processes = postgres.processes()
                signal(processes, "STOP")
                hold(POSTGRES_STOP_MS)
                signal(processes, "CONT")
            },
        )
    }.orEmpty()

    private fun ofClocks(): List<Fault> = listOf(Fault("a clock set ahead and back", CLOCKS_MS) { clocksSet() }).filter {
        nodes.all {
            it.clock !=
                null
        }
    }

    /** Only meanwhile under a clock that can be moved: a JVM is slow under it. */
    private fun clocksSet() {
        val node = nodes.random(random)
        val clock = checkNotNull(node.clock)
        clock.set(0)
        node.broker.kill()
        node.broker.start(clock.environment)
        val ahead = random.nextLong(1, MOST_SECONDS)
        listOf(ahead, ahead - random.nextLong(1, MOST_SECONDS), 0).forEach { seconds ->
            clock.set(seconds)
            hold(CLOCK_MS)
        }
        node.broker.kill()
        node.broker.start()
    }

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
        const val CLOCK_MS = 4_000L

        /** Two starts beside. */
        const val CLOCKS_MS = 3 * CLOCK_MS + 10_000L

        /** What was to be sent at a time of a clock that is set back then is sent later by so much. */
        const val MOST_SECONDS = 25L
        const val NANOS = 1_000_000L
    }
}
