package dev.sesame.broker.simulation

import dev.sesame.broker.MovableClock
import dev.sesame.broker.access.Requester
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.Stores
import dev.sesame.broker.store.start
import kotlinx.coroutines.coroutineScope
import java.time.Duration
import kotlin.random.Random

/** One history: brokers over one real store, programs that ask, people who answer, time that passes, and what dies in between. */
internal class World(seed: Long, val stores: Stores, val requester: Requester, val staff: Staff, approvals: ApprovalStore) {
    val random = Random(seed)
    val turns = Turns(random)
    val clock = MovableClock()
    val watch = Watch(stores, staff.owner.id)
    val said = Said(watch)
    private val watched = WatchedStore(approvals, watch, said)
    private val trouble = listOf(0.0, 0.02, 0.1).random(random).let { Trouble(random, before = it, after = it) }
    private val nodes = MutableList(2) { node() }
    private val workers = MutableList(2) { Process() }

    suspend fun live(steps: Int) {
        coroutineScope {
            val deeds = Deeds(this@World)
            repeat(steps) { if (turns.isOver || random.nextInt(6) == 0) deeds.begin(this) else turns.one() }
            while (!turns.isOver) turns.one()
        }
        end()
    }

    /** One of the brokers that are up. */
    fun anyNode(): Node = nodes.random(random)

    fun anyWorker(): Process = workers.random(random)

    /** How much time has passed, whatever was done to the clock. */
    var elapsed: Duration = Duration.ZERO
        private set

    fun leap(by: Duration) {
        clock.move(by)
        if (!by.isNegative) elapsed += by
    }

    fun killNode() = nodes.indices.random(random).let { index ->
        nodes[index].process.kill()
        nodes[index] = node()
    }

    fun killWorker() = workers.indices.random(random).let { index ->
        workers[index].kill()
        workers[index] = Process()
    }

    /** In the end time runs out for whatever is open, on a broker that nothing troubles. */
    private suspend fun end() {
        clock.move(Duration.between(clock.instant(), start + Duration.ofDays(2)))
        coroutineScope {
            val last = Node(watched, stores.access, clock, turns, Trouble(random, 0.0, 0.0))
            turns.start(this, last.process) { last.expireDue.run() }
            while (!turns.isOver) turns.one()
        }
        said.holds()
        watch.ended()
    }

    private fun node() = Node(watched, stores.access, clock, turns, trouble)
}
