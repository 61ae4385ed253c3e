package dev.sesame.broker.store.sql

import dev.sesame.broker.audit.Verified
import dev.sesame.broker.audit.VerifyAudit
import dev.sesame.broker.store.StoreUnavailable
import org.jdbi.v3.core.Handle

/** What arrived: how many rows of each table, and the audit as it was verified there. */
internal class Arrived(val rows: Map<String, Long>, val audit: Verified)

/** What arrived from [from] at an earlier time. */
internal fun arrivedBefore(tables: List<Table>, from: Handle): Arrived =
    Arrived(countRows(tables, from), VerifyAudit(SqlAuditReader(from), emptyList()).run())

/** Copies all rows of [tables] into the transaction that [to] is in, and verifies the audit there; `StoreUnavailable` where that finds anything. */
internal fun moveRows(tables: List<Table>, from: Handle, to: Handle): Arrived {
    val rows = copyTables(tables, from, to)
    val audit = VerifyAudit(SqlAuditReader(to), emptyList()).run()
    if (audit.problemCount > 0) throw StoreUnavailable("its audit doesn't verify: ${audit.problems.first()}")
    return Arrived(rows, audit)
}
