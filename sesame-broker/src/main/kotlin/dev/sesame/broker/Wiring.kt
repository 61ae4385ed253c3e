package dev.sesame.broker

import dev.sesame.broker.access.ClaimToken
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.Register
import dev.sesame.broker.access.Revocations
import dev.sesame.broker.access.Secret
import dev.sesame.broker.approval.Adjudicate
import dev.sesame.broker.approval.AwaitDecision
import dev.sesame.broker.approval.CancelApproval
import dev.sesame.broker.approval.CastVote
import dev.sesame.broker.approval.ClaimExecution
import dev.sesame.broker.approval.ExpireDue
import dev.sesame.broker.approval.OpenApproval
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.approval.ReportOutcome
import dev.sesame.broker.http.AdminRoutes
import dev.sesame.broker.http.ApprovalRoutes
import dev.sesame.broker.http.Callers
import dev.sesame.broker.http.DecisionRoutes
import dev.sesame.broker.http.Documents
import dev.sesame.broker.http.ExecutionRoutes
import dev.sesame.broker.http.OperatingRoutes
import dev.sesame.broker.http.contractHeaders
import dev.sesame.broker.http.problems
import dev.sesame.broker.inbox.ApprovalPage
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.LocalWakeUp
import dev.sesame.broker.store.sql.SqlAccessStore
import dev.sesame.broker.store.sql.SqlApprovalStore
import dev.sesame.broker.store.sqlite.SqliteDatabase
import dev.sesame.broker.store.sqlite.copyDatabase
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.plugins.statuspages.StatusPages
import io.ktor.server.routing.routing
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.runBlocking
import java.nio.file.Path
import java.security.SecureRandom
import java.time.Clock
import java.time.InstantSource
import java.time.ZoneOffset
import kotlin.time.TimeSource

/** The one place that knows every part: stores, use cases, routes. Clock and randomness come in here and nowhere else. */
internal class Wiring(
    config: BrokerConfig,
    dataDir: BrokerDirectory,
    private val clock: InstantSource = Clock.tickMillis(ZoneOffset.UTC),
    random: (Int) -> ByteArray = secureRandom(),
) : AutoCloseable {
    private val database = SqliteDatabase(dataDir.database)
    private val store = SqlApprovalStore(database)
    private val access: AccessStore = SqlAccessStore(database)
    private val wakeUp = LocalWakeUp()
    private val revocations = Revocations()
    private val ids = Ids(random)

    /** Completes when the broker stops: held calls end with what stands. */
    val closing = CompletableDeferred<Unit>()

    /** Where people and programs reach this broker; known once the port is. */
    var publicUrl: String = config.publicUrl.orEmpty()

    val register = Register(access, ids, random, clock, revocations)
    private val adjudicate = Adjudicate(store, wakeUp, clock)
    private val read = ReadApproval(store, adjudicate, clock)
    private val tokens = ClaimToken(runBlocking { access.ownSecret("claim-token") { random(CLAIM_KEY_BYTES) } })
    private val documents = Documents({ publicUrl }, clock)
    private val callers = Callers(access)
    val workers = Workers(ExpireDue(store, adjudicate, clock))

    suspend fun hasApprovers(): Boolean = access.approvers().isNotEmpty()

    suspend fun knowsApprover(token: Secret): Boolean = access.approverByHash(token.hash) != null

    suspend fun hasKeys(): Boolean = access.keys().isNotEmpty()

    fun install(application: Application, limits: Limits) {
        application.install(contractHeaders(ids, FEATURES))
        application.install(StatusPages) { problems() }
        val await = AwaitDecision(read, wakeUp, closing, clock, TimeSource.Monotonic)
        application.routing {
            ApprovalRoutes(callers, documents, opening(limits), read, await, CancelApproval(adjudicate), revocations, clock).install(this)
            ExecutionRoutes(callers, documents, ClaimExecution(adjudicate, tokens), ReportOutcome(adjudicate, tokens)).install(this)
            DecisionRoutes(callers, documents, CastVote(adjudicate, access), read).install(this)
            AdminRoutes(callers, access, register).install(this)
            OperatingRoutes(access, closing).install(this)
            ApprovalPage(read, documents::of).install(this)
        }
    }

    private fun opening(limits: Limits) = OpenApproval(adjudicate, store, ids, clock, limits.openRequests)

    override fun close() {
        database.close()
    }

    private companion object {
        const val CLAIM_KEY_BYTES = 32
        const val FEATURES = "claim"

        fun secureRandom(): (Int) -> ByteArray {
            val source = SecureRandom()
            return { size -> ByteArray(size).also(source::nextBytes) }
        }
    }
}

/** Writes a consistent copy of the database [from] to the new file [to]; `StoreUnavailable` where that fails. */
internal fun backUp(from: Path, to: Path): Unit = copyDatabase(from, to)
