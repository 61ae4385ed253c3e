package dev.sesame.broker.store.sql

import dev.sesame.ExecutionState
import dev.sesame.broker.store.ApprovalQuery
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.statement.Query

/** The statement that lists what [query] wants, newest first. Each filter has an index that ends in this order, or finds few. */
internal class Listing(private val query: ApprovalQuery) {
    private val conditions = listOfNotNull(
        query.requesterId?.let { "requester_id = :requester" },
        query.mode?.let { "mode = :mode" },
        query.status?.let { "status = :status" },
        query.execution?.let(::ran),
        query.action?.let { "action = :action" },
        query.dedupKey?.let { "dedup_key = :key" },
        query.olderThan?.let { "(created_at < :created OR (created_at = :created AND id < :id))" },
    )

    val sql: String = buildString {
        append(
            when {
                query.ids != null -> named("id IN (<ids>)")
                query.dedupKey != null -> named("dedup_key = :key")
                else -> "SELECT question, progress, version FROM approvals"
            },
        )
        if (conditions.isNotEmpty()) append(conditions.joinToString(" AND ", prefix = " WHERE "))
        append(" ORDER BY created_at DESC, id DESC LIMIT :limit")
    }

    fun on(handle: Handle): Query {
        val statement = handle.createQuery(sql).bind("limit", query.limit)
        query.requesterId?.let { statement.bind("requester", it) }
        query.mode?.let { statement.bind("mode", it.value) }
        query.status?.let { statement.bind("status", it.value) }
        query.execution?.forEachIndexed { index, state -> statement.bind("execution$index", """%"execution":{"state":"$state"%""") }
        query.action?.let { statement.bind("action", it) }
        query.dedupKey?.let { statement.bind("key", it) }
        query.ids?.let { statement.bindList("ids", it) }
        query.olderThan?.let { statement.bind("created", it.createdAt.toEpochMilli()).bind("id", it.id) }
        return statement
    }

    /** By this first: for the order's sake, the engine would go through all that the requester ever asked. */
    private fun named(condition: String) =
        "WITH named AS MATERIALIZED (SELECT * FROM approvals WHERE $condition) SELECT question, progress, version FROM named"

    /** Where it isn't success that is looked for, the words of the index are said too: by them the engines know that it will do. */
    private fun ran(states: Set<ExecutionState>): String {
        val any = states.indices.joinToString(" OR ", "(", ")") { "progress LIKE :execution$it" }
        return if (ExecutionState.SUCCEEDED in states) any else "$any AND $NOT_SUCCEEDED"
    }

    private val Set<ExecutionState>.indices get() = 0 until size

    private companion object {
        const val NOT_SUCCEEDED =
            """progress LIKE '%"execution":{"state":"%' AND progress NOT LIKE '%"execution":{"state":"succeeded"%'"""
    }
}
