package dev.sesame.broker.store.sql

import dev.sesame.broker.delivery.Delivery
import dev.sesame.broker.delivery.owed
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Event
import dev.sesame.rules.Transition
import org.jdbi.v3.core.Handle

/** Stores what a decision owes, in the decision's own transaction, at the end of it: no crash can keep one and lose the other. */
internal fun Handle.owe(transition: Transition, newId: () -> String) {
    val record = transition.after
    val decides = transition.event.isDecision || (transition.event == Event.OPENED && record.status.isTerminal)
    if (decides) journal.add(Owing(record, newId))
}

/** A decision of this transaction, and what makes the ids of its deliveries. */
internal class Owing(val record: ApprovalRecord, val newId: () -> String)

/** All that those decisions owe, as one batch; the endpoints of each requester are read once. */
internal fun Handle.writeOwed(decided: List<Owing>) {
    val endpoints = decided.map { it.record.question.requesterId }.distinct().associateWith(::endpointsOf)
    val deliveries = decided.flatMap { owed(it.record, endpoints.getValue(it.record.question.requesterId), it.newId) }
    if (deliveries.isNotEmpty()) insert(deliveries)
}

/** Deletes the deliveries of these approvals, with their attempts. */
internal fun Handle.forgetDeliveries(approvalIds: List<String>) {
    createUpdate("DELETE FROM attempts WHERE delivery_id IN (SELECT id FROM deliveries WHERE approval_id IN (<ids>))")
        .bindList("ids", approvalIds).execute()
    createUpdate("DELETE FROM deliveries WHERE approval_id IN (<ids>)").bindList("ids", approvalIds).execute()
}

/** Forgets what receivers answered about the approval: it may quote what they were sent. */
internal fun Handle.forgetAnswers(approvalId: String) {
    createUpdate("UPDATE attempts SET answer = '' WHERE delivery_id IN (SELECT id FROM deliveries WHERE approval_id = :id)")
        .bind("id", approvalId).execute()
}

private fun Handle.insert(deliveries: List<Delivery>) {
    val batch = prepareBatch(
        "INSERT INTO deliveries (id, approval_id, requester_id, url, endpoint_id, lane, state, created_at, next_at, attempts, failures) " +
            "VALUES (:id, :approval, :requester, :url, :endpoint, :lane, :state, :created, :next, 0, 0)",
    )
    deliveries.forEach { delivery ->
        batch.bind("id", delivery.id)
            .bind("approval", delivery.approvalId)
            .bind("requester", delivery.requesterId)
            .bind("url", delivery.url)
            .bind("endpoint", delivery.endpointId)
            .bind("lane", delivery.lane)
            .bind("state", delivery.state.name.lowercase())
            .bind("created", delivery.createdAt.toEpochMilli())
            .bind("next", delivery.nextAt?.toEpochMilli())
            .add()
    }
    batch.execute()
}
