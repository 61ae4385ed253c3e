package dev.sesame.broker.store

import dev.sesame.broker.access.Approver
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.Requester
import dev.sesame.broker.access.Role
import dev.sesame.broker.access.Secret
import dev.sesame.broker.store.sql.SqlAccessStore
import dev.sesame.broker.store.sql.SqlApprovalStore
import dev.sesame.broker.store.sql.SqlAuditStore
import dev.sesame.broker.store.sql.SqlDatabase
import dev.sesame.broker.store.sql.SqlDeliveryStore
import dev.sesame.broker.store.sql.SqlDeviceStore
import dev.sesame.broker.store.sql.SqlEndpointStore
import dev.sesame.broker.store.sql.SqlNoticeStore
import dev.sesame.broker.store.sql.SqlPasskeyStore
import dev.sesame.broker.store.sql.SqlPolicyStore
import dev.sesame.broker.store.sql.SqlSessionStore
import dev.sesame.broker.store.sql.SqlTelegramStore
import dev.sesame.broker.store.sqlite.SqliteDatabase
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Event
import dev.sesame.rules.Progress
import dev.sesame.rules.Question
import dev.sesame.rules.Transition
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import org.jdbi.v3.core.Handle
import java.nio.file.Path
import java.security.SecureRandom
import java.time.Instant

/** A database of its own with all stores over it, and what tests put there. */
internal class Stores(remember: (AccessStore) -> AccessStore = { it }, private val open: () -> SqlDatabase) : AutoCloseable {
    private var present = open()

    private val database = object : SqlDatabase {
        override suspend fun <T> write(block: (Handle) -> T): T = present.write(block)

        override suspend fun <T> read(block: (Handle) -> T): T = present.read(block)

        override fun close() = present.close()
    }

    /** Over which approvers are told. */
    var channels = setOf("telegram")
    val approvals: ApprovalStore get() = SqlApprovalStore(database, ids::delivery, channels)
    val endpoints: EndpointStore = SqlEndpointStore(database)
    val deliveries: DeliveryStore = SqlDeliveryStore(database)
    val sessions: SessionStore = SqlSessionStore(database)
    val passkeys: PasskeyStore = SqlPasskeyStore(database)
    val policies: PolicyStore = SqlPolicyStore(database)
    val notices: NoticeStore = SqlNoticeStore(database)
    val telegram: TelegramStore = telegramOf("telegram")
    val devices: DeviceStore = SqlDeviceStore(database)
    val audit: AuditStore = SqlAuditStore(database)
    val access: AccessStore = remember(SqlAccessStore(database))

    /** What a channel of that name would keep. */
    fun telegramOf(channel: String): TelegramStore = SqlTelegramStore(database, channel)

    /** Closes the database and opens it again, as a restart does. */
    fun reopen() {
        present.close()
        present = open()
    }

    suspend fun requester(ownerId: String? = null): Requester {
        val id = ids.requester()
        return Requester(id, "requester $id", ownerId, start).also { access.add(it) shouldBe true }
    }

    suspend fun approver(role: Role = Role.APPROVER): Approver {
        val id = ids.approver()
        val token = Secret.make(Secret.APPROVER_TOKEN, random)
        return Approver(id, "approver $id", role, token.hash, token.lastFour, start).also { access.add(it) shouldBe true }
    }

    /** Stores a new approval. */
    suspend fun opened(question: Question): ApprovalRecord {
        approvals.commit(0, opening(question), question.createdAt) shouldBe true
        return opening(question).after
    }

    /** Many at once, so that they share their flushes. */
    suspend fun openedTogether(count: Int, requester: Requester, expiresInSeconds: (Int) -> Long = { 86_400 }): List<ApprovalRecord> =
        coroutineScope { List(count) { async { opened(question(requester, expiresInSeconds = expiresInSeconds(it))) } }.awaitAll() }

    override fun close() = database.close()
}

internal fun sqliteStores(dir: Path, remember: (AccessStore) -> AccessStore = { it }) =
    Stores(remember) { SqliteDatabase(dir.resolve("sesame.db")) }

internal val random: (Int) -> ByteArray = SecureRandom().let { source -> { size -> ByteArray(size).also(source::nextBytes) } }
internal val ids = Ids(random)

/** Where the clocks of tests begin. */
internal val start: Instant = Instant.parse("2026-11-20T12:00:00Z")

internal fun opening(question: Question) = Transition(ApprovalRecord(question, Progress(), version = 1), Event.OPENED)
