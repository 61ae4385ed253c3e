package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.sql.SqlApprovalStore
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

/** What is asked often must not go through all that is there. */
internal class QueryPlanTest : FunSpec() {
    private val database = autoClose(SqliteDatabase(temporaryDirectory().resolve("sesame.db")))

    private suspend fun plan(sql: String): String = database.read { handle ->
        handle.createQuery("EXPLAIN QUERY PLAN $sql").map { row, _ -> row.getString("detail") }.list().joinToString("; ")
    }

    init {
        test("what is due is found by its end") {
            plan(SqlApprovalStore.DUE.replace(":now", "1").replace(":limit", "1")) shouldBe
                "SEARCH approvals USING INDEX approvals_due (status=? AND ends_at<?)"
        }

        test("what is due to escalate is found by its time, and nothing else is looked at") {
            plan(SqlApprovalStore.ESCALATING.replace(":now", "1").replace(":limit", "1")) shouldContain
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
            plan(SqlApprovalStore.HAPPENED.replace(":seq", "1").replace(":limit", "1")) shouldContain
                "SEARCH e USING INTEGER PRIMARY KEY (rowid>?)"
        }

        test("what is asked for by id is found by id") {
            val sql =
                SqlApprovalStore.NAMED.replace("<ids>", "'a', 'b'") +
                    " WHERE requester_id = 'r' AND mode = 'live' ORDER BY created_at DESC, id DESC"
            plan(sql) shouldContain "SEARCH approvals USING INDEX sqlite_autoindex_approvals_1 (id=?)"
        }

        test("what an admin lists, newest first, needs no sorting") {
            plan("SELECT id FROM approvals WHERE mode = 'live' ORDER BY created_at DESC, id DESC LIMIT 100") shouldContain
                "USING COVERING INDEX approvals_newest (mode=?)"
        }
    }
}
