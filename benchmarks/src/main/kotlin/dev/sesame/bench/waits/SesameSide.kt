package dev.sesame.bench.waits

import dev.sesame.Approval
import dev.sesame.ApprovalDeniedException
import dev.sesame.PendingApproval
import dev.sesame.Sesame
import dev.sesame.SesameListener
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonPrimitive
import kotlin.time.Duration.Companion.seconds

/** The SDK as it comes: one shared stream for all waits. With [heldPolls], which tells how many the broker holds, one long poll a wait. */
internal class SesameSide(
    url: String,
    key: String,
    private val marks: Marks,
    size: Int,
    private val heldPolls: (() -> Int)? = null,
    private val deny: (String) -> Unit,
) : Side {
    private val opened = arrayOfNulls<PendingApproval>(size)
    private val hearing = object : SesameListener {
        override fun requested(approval: Approval) {
            indexOf(approval)?.let { marks.opened(it, approval.id) }
        }

        override fun decided(approval: Approval) {
            val now = System.nanoTime()
            indexOf(approval)?.let { marks.told[it] = now }
        }
    }
    private val sesame = Sesame {
        apiKey = key
        brokerUrl = url
        listener = hearing
        longPollOnly = heldPolls != null
    }
    private lateinit var probe: PendingApproval

    override suspend fun prepare() {
        probe = sesame.trigger(ACTION, SUMMARY).also { deny(it.id) }
    }

    override suspend fun open(index: Int) {
        opened[index] = sesame.trigger(ACTION, SUMMARY, context = contextOf(index))
    }

    override suspend fun wait(index: Int) {
        val pending = checkNotNull(opened[index])
        opened[index] = null
        unlessDenied { pending.run { marks.started[index] = System.nanoTime() } }
    }

    override suspend fun ask(index: Int): Unit = unlessDenied {
        sesame.approve(ACTION, SUMMARY, context = contextOf(index)) { marks.started[index] = System.nanoTime() }
    }

    /**
     * One more wait, begun after all the others, for what was decided before it began: no event will tell it, only the reading of what was
     * registered, and that goes in the order of registration. So when it returns, the stream is ready and every earlier wait was read, or is in
     * one of the few batches that are read beside; these are over when it was done some more times.
     */
    override suspend fun untilParked(count: Int) {
        heldPolls?.let { return untilHeld(count, it) }
        repeat(PROBES) { probe.await(PARK_WITHIN) }
    }

    override fun close(): Unit = sesame.close()

    /** Inline: no frame of its own that each wait would be charged for. */
    private inline fun unlessDenied(step: () -> Unit) {
        try {
            step()
        } catch (_: ApprovalDeniedException) {
            // The burst of denials: told, and nothing to run.
        }
    }

    private fun indexOf(approval: Approval): Int? = (approval.context?.get("wait") as? JsonPrimitive)?.jsonPrimitive?.int

    private companion object {
        val PARK_WITHIN = 120.seconds
        const val PROBES = 5
    }
}
