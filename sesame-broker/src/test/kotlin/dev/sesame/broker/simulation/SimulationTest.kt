package dev.sesame.broker.simulation

import dev.sesame.broker.audit.VerifyAudit
import dev.sesame.broker.readAudit
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.Stores
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.temporaryDirectory
import dev.sesame.rules.Transition
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.string.shouldContain
import java.time.Instant
import kotlin.random.Random

/**
 * Many short histories with everything at once: brokers and programs that die, commits that fail or whose answer is lost, people who come and
 * go, a clock that leaps. A build lives the same ones each time; `-Dsesame.seeds=…` says how many new ones, `-Dsesame.seed=…` lives one again.
 */
class SimulationTest :
    FunSpec({
        test("in every history the invariants hold after each commit, and nothing that was acknowledged turns out wrong") {
            val seeds = seeds()
            val dir = temporaryDirectory()
            sqliteStores(dir).use { stores -> live(stores, seeds) }
            readAudit(dir.resolve("sesame.db")) { VerifyAudit(it, emptyList()).run() }.problems.shouldBeEmpty()
        }

        test("a store that loses what it has acknowledged is found out") {
            sqliteStores(temporaryDirectory()).use { stores ->
                val broken = shouldThrow<AssertionError> { live(stores, List(100) { it.toLong() }, ::Forgetful) }
                broken.message shouldContain "seed"
            }
        }

        test("a store that doesn't ask who may vote now is found out") {
            sqliteStores(temporaryDirectory()).use { stores ->
                val broken = shouldThrow<AssertionError> { live(stores, List(2_000) { it.toLong() }, ::Credulous) }
                broken.message shouldContain "enough"
            }
        }
    })

private fun seeds(): List<Long> {
    System.getProperty("sesame.seed")?.let { return listOf(it.toLong()) }
    val count = System.getProperty("sesame.seeds")?.toInt() ?: return List(SEEDS) { it.toLong() }
    val first = Random.nextLong()
    return List(count) { first + it }
}

private suspend fun live(stores: Stores, seeds: List<Long>, spoil: (ApprovalStore) -> ApprovalStore = { it }) {
    val staff = Staff.of(stores)
    seeds.forEach { seed ->
        staff.complete()
        try {
            World(seed, stores, stores.requester(staff.owner.id), staff, spoil(stores.approvals)).live(STEPS)
        } catch (broken: Throwable) { // what should not be thrown, too
            throw AssertionError("seed $seed: ${broken.message}", broken)
        }
    }
}

private class Forgetful(private val store: ApprovalStore) : ApprovalStore by store {
    private var commits = 0

    override suspend fun commit(expectedVersion: Int, transition: Transition, at: Instant, judgedBy: Long?): Boolean =
        (expectedVersion > 0 && ++commits % 10 == 0) || store.commit(expectedVersion, transition, at, judgedBy)
}

private class Credulous(private val store: ApprovalStore) : ApprovalStore by store {
    override suspend fun commit(expectedVersion: Int, transition: Transition, at: Instant, judgedBy: Long?): Boolean =
        store.commit(expectedVersion, transition, at)
}

private const val SEEDS = 1_000
private const val STEPS = 80
