package dev.sesame

import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration

/** Keeps what it heard. */
internal class RecordingListener : SesameListener {
    val requested = CopyOnWriteArrayList<Approval>()
    val decided = CopyOnWriteArrayList<Approval>()
    val retried = CopyOnWriteArrayList<Pair<String, Duration>>()
    val unreported = CopyOnWriteArrayList<Pair<String, ExecutionState>>()

    override fun requested(approval: Approval) {
        requested += approval
    }

    override fun decided(approval: Approval) {
        decided += approval
    }

    override fun retried(reason: String, delay: Duration) {
        retried += reason to delay
    }

    override fun unreported(approval: Approval, outcome: ExecutionState) {
        unreported += approval.id to outcome
    }
}
