package dev.sesame.bench.once

import java.util.concurrent.TimeUnit

/** What strikes the workers at marked places; each returns when it has struck, and everything runs again. */
internal class Blows(private val shop: Shop) {
    /** Kills a worker whose call stands still at [place] with [message]. */
    fun killAt(place: Place, message: Message) {
        val held = give(message, shop.running()).let { shop.holds.arm(it, place) }
        approve(message)
        val call = held.get(PATIENCE_SECONDS, TimeUnit.SECONDS)
        if (place == Place.CLAIM_ANSWERED) shop.history.claimIsDead(message.id)
        shop.replicas[call.replica].killAndStart()
        call.cut()
        shop.history.count("killed ${place.inWords}")
    }

    /** Kills a worker within the block of [message]. */
    fun killInBlock(message: Message) {
        give(message, shop.running())
        approve(message)
        shop.replicas[awaitBegun(message)].killAndStart()
        shop.history.count("killed in the block")
    }

    fun killAnywhere(replica: Replica) {
        replica.killAndStart()
        shop.history.count("killed anywhere")
    }

    fun killBroker() {
        shop.broker.kill()
        shop.broker.start()
        shop.history.count("broker killed")
    }

    /** Gives it to [to], and returns the approval's id once people were asked. */
    fun give(message: Message, to: List<Replica>, againAfterMs: Long = USUAL_MS): String {
        shop.queue.put(message, to, againAfterMs)
        return shop.await("people are asked about ${message.id}") { shop.history.approvalId(message.id) }
    }

    fun approve(message: Message) {
        shop.awaitThat("${message.id} is decided") { shop.people.answer(message) }
    }

    /** Returns who is in it. */
    fun awaitBegun(message: Message): Int = shop.await("${message.id} begins") { shop.history.begunBy(message.id).lastOrNull() }

    private companion object {
        const val PATIENCE_SECONDS = 60L
        const val USUAL_MS = 1_500L
    }
}
