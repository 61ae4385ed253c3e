package dev.sesame.broker

import dev.sesame.broker.access.CannotUnseal
import dev.sesame.broker.access.SecretBox
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.audit.BrokerName
import dev.sesame.broker.audit.Checkpoints
import dev.sesame.broker.http.AuditRoutes
import dev.sesame.broker.http.Callers
import dev.sesame.broker.http.ReceiptRoutes
import dev.sesame.broker.receipt.IssueReceipt
import dev.sesame.broker.receipt.SigningKeys
import dev.sesame.broker.store.AuditStore
import dev.sesame.broker.store.sql.SqlAuditStore
import dev.sesame.broker.store.sql.SqlDatabase
import io.ktor.server.routing.Route
import kotlinx.coroutines.runBlocking
import java.time.InstantSource

/** The audit, and what is signed about it and about decisions. */
internal class ProofWiring(database: SqlDatabase, box: SecretBox, keyIsNew: Boolean, clock: InstantSource, random: (Int) -> ByteArray) {
    private val audit: AuditStore = SqlAuditStore(database)
    private val keys = SigningKeys(audit, box, random, clock)
    private val name = BrokerName(audit)
    private val checkpoints = Checkpoints(audit, keys, clock, name)
    val receipts = IssueReceipt(audit, keys, name)

    init {
        try {
            runBlocking { keys.prepare(keyIsNew) }
        } catch (problem: CannotUnseal) {
            throw CannotStart(problem.message.orEmpty(), problem)
        }
    }

    /** One round of a worker. */
    suspend fun checkpoint() = checkpoints.run()

    fun install(route: Route, callers: Callers, read: ReadApproval) {
        ReceiptRoutes(callers, read, receipts, keys, audit).install(route)
        AuditRoutes(callers, audit).install(route)
    }
}
