package dev.sesame.broker.store.sql

import dev.sesame.broker.audit.Fact
import dev.sesame.broker.audit.PolicyFacts
import dev.sesame.broker.audit.sha256
import dev.sesame.broker.store.InForce
import dev.sesame.broker.store.PolicyStore
import dev.sesame.broker.store.SetPolicy
import kotlinx.serialization.json.JsonNull
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.statement.StatementContext
import java.sql.ResultSet
import java.time.Instant

/** Policies in SQL. */
internal class SqlPolicyStore(private val database: SqlDatabase) : PolicyStore {
    override suspend fun policy(): SetPolicy? = database.read { it.createQuery("$NEWEST LIMIT 1").map(::policy).findOne().orElse(null) }

    override suspend fun set(policy: SetPolicy, rules: Int) = database.write { handle ->
        handle.createUpdate("INSERT INTO policies (text, set_by, set_at) VALUES (:text, :by, :at)")
            .bind("text", policy.text)
            .bind("by", policy.setBy)
            .bind("at", policy.setAt.toEpochMilli())
            .execute()
        handle.createUpdate("DELETE FROM policies WHERE seq NOT IN (SELECT seq FROM policies ORDER BY seq DESC LIMIT :most)")
            .bind("most", PolicyStore.MOST)
            .execute()
        handle.audit(PolicyFacts.set(policy), policy.setAt)
        handle.tellForce(PolicyFacts.inForce(InForce("api", sha256(policy.text).removePrefix("sha256:"), rules)), policy.setAt)
    }

    override suspend fun tookForce(policy: InForce, at: Instant) = database.write { handle ->
        handle.tellForce(PolicyFacts.inForce(policy), at)
    }

    private fun Handle.tellForce(fact: Fact, at: Instant) {
        val last = createQuery("SELECT * FROM audit WHERE fact = '${PolicyFacts.IN_FORCE}' ORDER BY seq DESC LIMIT 1")
            .map(::auditEntry).findOne().orElse(null)
        val isNews = if (last == null) fact.details["sha256"] != JsonNull else last.fact.details != fact.details
        if (isNews) audit(fact, at)
    }

    override suspend fun history(): List<SetPolicy> = database.read { it.createQuery(NEWEST).map(::policy).list() }

    private companion object {
        const val NEWEST = "SELECT text, set_by, set_at FROM policies ORDER BY seq DESC"

        @Suppress("UNUSED_PARAMETER") // the shape of JDBI's RowMapper
        fun policy(row: ResultSet, context: StatementContext) =
            SetPolicy(row.getString("text"), row.getString("set_by"), row.instant("set_at")!!)
    }
}
