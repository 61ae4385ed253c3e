package dev.sesame.broker.store.sql

import dev.sesame.broker.store.PolicyStore
import dev.sesame.broker.store.SetPolicy
import org.jdbi.v3.core.statement.StatementContext
import java.sql.ResultSet

/** Policies in SQL. */
internal class SqlPolicyStore(private val database: SqlDatabase) : PolicyStore {
    override suspend fun policy(): SetPolicy? = database.read { it.createQuery("$NEWEST LIMIT 1").map(::policy).findOne().orElse(null) }

    override suspend fun set(policy: SetPolicy) = database.write { handle ->
        handle.createUpdate("INSERT INTO policies (text, set_by, set_at) VALUES (:text, :by, :at)")
            .bind("text", policy.text)
            .bind("by", policy.setBy)
            .bind("at", policy.setAt.toEpochMilli())
            .execute()
        handle.createUpdate("DELETE FROM policies WHERE seq NOT IN (SELECT seq FROM policies ORDER BY seq DESC LIMIT :most)")
            .bind("most", PolicyStore.MOST)
            .execute()
        Unit
    }

    override suspend fun history(): List<SetPolicy> = database.read { it.createQuery(NEWEST).map(::policy).list() }

    private companion object {
        const val NEWEST = "SELECT text, set_by, set_at FROM policies ORDER BY seq DESC"

        @Suppress("UNUSED_PARAMETER") // the shape of JDBI's RowMapper
        fun policy(row: ResultSet, context: StatementContext) =
            SetPolicy(row.getString("text"), row.getString("set_by"), row.instant("set_at")!!)
    }
}
