package dev.sesame.broker.store.sql

import dev.sesame.broker.delivery.Delivery
import dev.sesame.broker.delivery.owed
import dev.sesame.rules.Event
import dev.sesame.rules.Transition
import org.jdbi.v3.core.Handle

/** Stores what a decision owes, in the decision's own transaction: no crash can keep one and lose the other. */
internal fun Handle.owe(transition: Transition, newId: () -> String) {
    val record = transition.after
    val decides = transition.event.isDecision || (transition.event == Event.OPENED && record.status.isTerminal)
    if (decides) owed(record, endpointsOf(record.question.requesterId), newId).forEach(::insert)
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

private fun Handle.insert(delivery: Delivery) {
    createUpdate(
        "INSERT INTO deliveries (id, approval_id, requester_id, url, endpoint_id, lane, state, created_at, next_at, attempts, failures) " +
            "VALUES (:id, :approval, :requester, :url, :endpoint, :lane, :state, :created, :next, 0, 0)",
    )
        .bind("id", delivery.id)
        .bind("approval", delivery.approvalId)
        .bind("requester", delivery.requesterId)
        .bind("url", delivery.url)
        .bind("endpoint", delivery.endpointId)
        .bind("lane", delivery.lane)
        .bind("state", delivery.state.name.lowercase())
        .bind("created", delivery.createdAt.toEpochMilli())
        .bind("next", delivery.nextAt?.toEpochMilli())
        .execute()
}
