package dev.sesame.broker.store.sql

import dev.sesame.broker.audit.EndpointFacts
import dev.sesame.broker.delivery.Endpoint
import dev.sesame.broker.delivery.PreviousSecret
import dev.sesame.broker.delivery.SealedSecret
import dev.sesame.broker.store.EndpointStore
import dev.sesame.broker.store.Position
import dev.sesame.broker.store.Registered
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.statement.StatementContext
import java.sql.ResultSet
import java.time.Instant

/** Webhook endpoints in SQL. Disabling and enabling take their deliveries along, in the same transaction. */
internal class SqlEndpointStore(private val database: SqlDatabase) : EndpointStore {
    override suspend fun add(endpoint: Endpoint, atMost: Int): Registered = database.write { handle ->
        if (handle.enabled(endpoint.requesterId) >= atMost) return@write Registered.TOO_MANY
        val added = handle.createUpdate(
            "INSERT INTO endpoints (id, requester_id, url, secret, created_at) VALUES (:id, :requester, :url, :secret, :at) " +
                "ON CONFLICT DO NOTHING",
        )
            .bind("id", endpoint.id)
            .bind("requester", endpoint.requesterId)
            .bind("url", endpoint.url)
            .bind("secret", endpoint.secret.text)
            .bind("at", endpoint.createdAt.toEpochMilli())
            .execute()
        if (added == 1) handle.audit(EndpointFacts.made(endpoint), endpoint.createdAt)
        if (added == 1) Registered.DONE else Registered.URL_TAKEN
    }

    override suspend fun endpoint(id: String): Endpoint? = database.read { it.find(id) }

    override suspend fun endpoints(requesterId: String?, after: Position?, limit: Int): List<Endpoint> = database.read { handle ->
        val conditions = listOfNotNull(
            requesterId?.let { "requester_id = :requester" },
            after?.let { "(created_at > :created OR (created_at = :created AND id > :id))" },
        )
        val where = if (conditions.isEmpty()) "" else conditions.joinToString(" AND ", prefix = "WHERE ")
        val statement = handle.createQuery("SELECT * FROM endpoints $where ORDER BY created_at, id LIMIT :limit").bind("limit", limit)
        requesterId?.let { statement.bind("requester", it) }
        after?.let { statement.bind("created", it.createdAt.toEpochMilli()).bind("id", it.id) }
        statement.map(::endpoint).list()
    }

    override suspend fun rotate(
        id: String,
        expected: SealedSecret,
        secret: SealedSecret,
        previous: PreviousSecret?,
        at: Instant,
    ): Boolean = database.write { handle ->
        val isRotated = handle.createUpdate(
            "UPDATE endpoints SET secret = :secret, previous_secret = :previous, previous_until = :until " +
                "WHERE id = :id AND secret = :expected",
        )
            .bind("id", id)
            .bind("expected", expected.text)
            .bind("secret", secret.text)
            .bind("previous", previous?.secret?.text)
            .bind("until", previous?.until?.toEpochMilli())
            .execute() == 1
        if (isRotated) handle.audit(EndpointFacts.rotated(id), at)
        isRotated
    }

    override suspend fun disable(id: String, at: Instant, reason: String): Boolean = database.write { handle ->
        val disabled = handle.createUpdate(
            "UPDATE endpoints SET disabled_at = :at, disabled_reason = :reason WHERE id = :id AND disabled_at IS NULL",
        )
            .bind("id", id)
            .bind("at", at.toEpochMilli())
            .bind("reason", reason)
            .execute()
        if (disabled == 1) {
            handle.move(id, from = "pending", to = "held")
            handle.audit(EndpointFacts.disabled(id), at)
        }
        disabled == 1 || handle.find(id) != null
    }

    override suspend fun enable(id: String, atMost: Int, at: Instant): Registered = database.write { handle ->
        val endpoint = handle.find(id) ?: return@write Registered.ABSENT
        if (endpoint.isEnabled) return@write Registered.DONE
        if (handle.enabled(endpoint.requesterId) >= atMost) return@write Registered.TOO_MANY
        handle.createUpdate("UPDATE endpoints SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL WHERE id = :id")
            .bind("id", id)
            .execute()
        handle.move(id, from = "held", to = "pending")
        handle.audit(EndpointFacts.enabled(id), at)
        Registered.DONE
    }

    private fun Handle.enabled(requesterId: String): Int =
        createQuery("SELECT count(*) FROM endpoints WHERE requester_id = :requester AND disabled_at IS NULL")
            .bind("requester", requesterId)
            .mapTo(Int::class.javaObjectType).one()

    private fun Handle.find(id: String): Endpoint? =
        createQuery("SELECT * FROM endpoints WHERE id = :id").bind("id", id).map(::endpoint).findOne().orElse(null)

    /** What is being sent is left alone: its end is stored by whoever sends it. */
    private fun Handle.move(endpointId: String, from: String, to: String) {
        createUpdate("UPDATE deliveries SET state = :to WHERE endpoint_id = :id AND state = :from AND lease_until IS NULL")
            .bind("id", endpointId)
            .bind("from", from)
            .bind("to", to)
            .execute()
    }
}

/** Every endpoint of the requester, for what a decision owes. */
internal fun Handle.endpointsOf(requesterId: String): List<Endpoint> =
    createQuery("SELECT * FROM endpoints WHERE requester_id = :requester ORDER BY created_at, id")
        .bind("requester", requesterId)
        .map(::endpoint).list()

private fun endpoint(row: ResultSet, @Suppress("UNUSED_PARAMETER") context: StatementContext) = Endpoint(
    id = row.getString("id"),
    requesterId = row.getString("requester_id"),
    url = row.getString("url"),
    secret = SealedSecret(row.getString("secret")),
    createdAt = row.instant("created_at")!!,
    previous = row.getString("previous_secret")?.let { PreviousSecret(SealedSecret(it), row.instant("previous_until")!!) },
    disabledAt = row.instant("disabled_at"),
    disabledReason = row.getString("disabled_reason"),
    failingSince = row.instant("failing_since"),
)
