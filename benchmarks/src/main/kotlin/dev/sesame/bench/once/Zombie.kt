package dev.sesame.bench.once

import java.util.concurrent.TimeUnit

/**
 * A worker that is stopped for longer than its leases and then wakes up: with two calls between claim and block, and two blocks that run.
 *
 * Of each two, an admin lets others run one meanwhile: too early, since the process is not dead. What was not begun must not be begun then. A
 * block that runs can't be taken back: it ends beside the other's, and only its report is void.
 */
internal class Zombie(private val shop: Shop, private val blows: Blows, private val plan: OncePlan, private val name: String) {
    private val claimed = message("claimed", Afterwards.LEAVE)
    private val claimedAndSettled = message("claimed-settled", Afterwards.ADMIN_FAILED)
    private val running = message("running", Afterwards.LEAVE)
    private val runningAndSettled = message("running-settled", Afterwards.ADMIN_FAILED)
    private val atTheGate = listOf(claimed, claimedAndSettled)
    private val all = atTheGate + running + runningAndSettled
    val ids: List<String> get() = all.map { it.id }

    /** Stops [replica] where it stands with all four; what is returned wakes it up, and waits for what it says then. */
    fun stop(replica: Replica): () -> Unit {
        val held = atTheGate.map { shop.holds.arm(blows.give(it, listOf(replica), NEVER_MS), Place.CLAIM_ANSWERED) }
        (all - atTheGate).forEach { blows.give(it, listOf(replica), NEVER_MS) }
        atTheGate.forEach(blows::approve)
        val calls = held.map { it.get(PATIENCE_SECONDS, TimeUnit.SECONDS) }
        // These last: their blocks run while the others stand.
        (all - atTheGate).onEach(blows::approve).forEach { blows.awaitBegun(it) }
        replica.stop()
        val wakeAt = System.nanoTime() + (plan.leaseSeconds + 1) * NANOS
        // The answers now lie in the socket of a process that stands still.
        calls.forEach { it.letGo() }
        shop.history.claimIsDead(claimedAndSettled.id)
        all.forEach { shop.queue.hurry(it.id) }
        return { wake(replica, wakeAt) }
    }

    private fun wake(replica: Replica, wakeAt: Long) {
        while (System.nanoTime() < wakeAt) Thread.sleep(1)
        all.forEach { message -> awaitWord(message, Word.UNKNOWN) }
        listOf(claimedAndSettled, runningAndSettled).forEach { message ->
            shop.awaitThat("somebody else runs ${message.id}") { shop.history.begunBy(message.id).any { it != replica.index } }
        }
        replica.goOn()
        shop.history.count("stopped and woken up")
        val reports = listOf(running, runningAndSettled).map { message ->
            val id = shop.history.approvalId(message.id)
            shop.await("the report of ${message.id}") { shop.holds.reports.find { it.approvalId == id && it.replica == replica.index } }
        }
        all.forEach { message ->
            shop.awaitThat("a word on ${message.id} by who was stopped") { shop.history.isAnswered(message.id, FIRST) }
        }
        if (!reports[0].isTaken) shop.faults += "${running.id}: a late report was refused although nobody was given a newer claim"
        if (reports[1].isTaken) shop.faults += "${runningAndSettled.id}: the report of a void claim was taken"
    }

    private fun awaitWord(message: Message, word: Word) =
        shop.awaitThat("$word is said of ${message.id}") { word in shop.history.words(message.id) }

    private fun message(what: String, afterwards: Afterwards) = Message.marked("$name-$what", afterwards, LASTING_MS)

    private companion object {
        /** Longer than it takes to stop it. */
        const val LASTING_MS = 4_000L

        /** The delivery that it was stopped with. */
        const val FIRST = 1

        /** Until the process stands still. */
        const val NEVER_MS = 120_000L
        const val PATIENCE_SECONDS = 60L
        const val NANOS = 1_000_000_000L
    }
}
