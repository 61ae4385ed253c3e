package dev.sesame.broker.store.sqlite

import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.Mode
import dev.sesame.broker.store.ApprovalQuery
import dev.sesame.broker.store.sql.Listing
import dev.sesame.broker.store.sql.SqlApprovalStore
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

/** What is asked often must not go through all that is there. */
internal class QueryPlanTest : FunSpec() {
    private val database = autoClose(SqliteDatabase(temporaryDirectory().resolve("sesame.db")))

    private suspend fun plan(sql: String): String = database.read { handle ->
        val text = sql.replace("<ids>", "?, ?").replace(Regex(":\\w+"), "?")
        handle.connection.prepareStatement("EXPLAIN QUERY PLAN $text").use { statement ->
            statement.executeQuery().use { rows ->
                generateSequence { if (rows.next()) rows.getString("detail") else null }.joinToString("; ")
            }
        }
    }

    private suspend fun planOf(query: ApprovalQuery) = plan(Listing(query).sql)

    init {
        test("what is due is found by its end") {
            plan(SqlApprovalStore.DUE) shouldBe
                "SEARCH approvals USING INDEX approvals_due (status=? AND ends_at<?)"
        }

        test("what is due to escalate is found by its time, and nothing else is looked at") {
            plan(SqlApprovalStore.ESCALATING) shouldContain
                "SEARCH approvals USING INDEX approvals_escalating (escalates_at<?)"
        }

        test("when something is due next is read from the indexes alone") {
            val plan = plan(SqlApprovalStore.DUE_TIMES)
            listOf("approvals_due (status=?)", "approvals_escalating", "approvals_to_erase").forEach {
                plan shouldContain
                    "COVERING INDEX $it"
            }
        }

        test("what a live inbox is told is found by its place in the events") {
            plan(SqlApprovalStore.HAPPENED) shouldContain
                "SEARCH e USING INTEGER PRIMARY KEY (rowid>?)"
        }

        test("what is asked for by id is found by id") {
            planOf(ApprovalQuery("r", Mode.LIVE, ids = listOf("a", "b"), limit = 101)) shouldContain
                "SEARCH approvals USING INDEX sqlite_autoindex_approvals_1 (id=?)"
        }

        test("what is asked for by its dedup key is found by that, cancelled or not") {
            planOf(ApprovalQuery("r", Mode.LIVE, dedupKey = "k", limit = 20)) shouldContain
                "SEARCH approvals USING INDEX approvals_by_key (dedup_key=?)"
        }

        listOf(
            ApprovalQuery("r", Mode.LIVE, limit = 20) to "approvals_by_age (requester_id=? AND mode=?)",
            ApprovalQuery("r", Mode.LIVE, ApprovalStatus.PENDING, limit = 20) to
                "approvals_of_requester_by_status (requester_id=? AND mode=? AND status=?)",
            ApprovalQuery("r", Mode.LIVE, action = "a", limit = 20) to
                "approvals_of_requester_by_action (requester_id=? AND mode=? AND action=?)",
            ApprovalQuery(mode = Mode.LIVE, limit = 20) to "approvals_newest (mode=?)",
            ApprovalQuery(mode = Mode.LIVE, status = ApprovalStatus.DENIED, limit = 20) to
                "approvals_listed_by_status (mode=? AND status=?)",
            ApprovalQuery(mode = Mode.LIVE, action = "a", limit = 20) to "approvals_by_action (mode=? AND action=?)",
        ).forEach { (query, index) ->
            test("a list comes in its order out of $index") {
                planOf(query) shouldBe "SEARCH approvals USING INDEX $index"
            }
        }

        test("runs that people look for are found among those alone") {
            val unknown = setOf(ExecutionState.CLAIMED, ExecutionState.UNKNOWN)
            planOf(ApprovalQuery(mode = Mode.LIVE, execution = unknown, limit = 20)) shouldBe
                "SEARCH approvals USING INDEX approvals_of_run (mode=?)"
        }

        test("keys to be freed are found among those that have one") {
            plan(SqlApprovalStore.WITH_KEY) shouldBe "SEARCH approvals USING INDEX approvals_with_key_ended (decided_at<?)"
        }

        test("what a requester has pending is counted in an index") {
            plan(SqlApprovalStore.PENDING) shouldContain
                "USING COVERING INDEX approvals_of_requester_by_status (requester_id=? AND mode=? AND status=?)"
        }
    }
}
