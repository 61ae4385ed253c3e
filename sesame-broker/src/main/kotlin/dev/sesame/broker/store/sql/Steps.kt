package dev.sesame.broker.store.sql

import org.jdbi.v3.core.Handle

/** One statement of several that go in their order for one approval, and in any order beside those for others. */
internal class Step(val approvalId: String, val sql: String, val values: Map<String, Any>)

/** Runs them all: of each approval the first, then of each the second, and so on; those of the same text in one batch. */
internal fun Handle.writeSteps(steps: List<Step>) {
    val orders = steps.groupBy { it.approvalId }.values
    for (place in 0 until orders.maxOf { it.size }) {
        orders.mapNotNull { it.getOrNull(place) }.groupBy { it.sql }.forEach { (sql, same) ->
            val batch = prepareBatch(sql)
            same.forEach { batch.add(it.values) }
            batch.execute()
        }
    }
}
