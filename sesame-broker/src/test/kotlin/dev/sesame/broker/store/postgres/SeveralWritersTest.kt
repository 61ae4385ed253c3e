package dev.sesame.broker.store.postgres

import dev.sesame.broker.access.Role
import dev.sesame.broker.access.Session
import dev.sesame.broker.access.SignInLink
import dev.sesame.broker.audit.VerifyAudit
import dev.sesame.broker.store.Stores
import dev.sesame.broker.store.after
import dev.sesame.broker.store.ids
import dev.sesame.broker.store.opening
import dev.sesame.broker.store.question
import dev.sesame.broker.store.sql.SqlAuditReader
import dev.sesame.broker.store.start
import dev.sesame.rules.Command
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope

/** Several brokers' connections on one database: nobody comes between a read and a write, and whoever follows the events misses none. */
@EnabledIf(PostgresIsHere::class)
class SeveralWritersTest :
    FunSpec({
        val url = PostgresServer.database()
        val nodes = List(3) { autoClose(Stores { PostgresDatabase(PostgresAddress(url)) }) }
        val watching = autoClose(PostgresDatabase(PostgresAddress(url)))
        val events = watching.together("watcher").events

        /** Each node does it at the same moment. */
        suspend fun <T> together(act: suspend (Stores, Int) -> T): List<T> =
            coroutineScope { nodes.mapIndexed { number, node -> async(Dispatchers.IO) { act(node, number) } }.awaitAll() }

        test("who follows the events while many commit misses none, and sees each once and in order; the audit is one chain") {
            val requester = nodes[0].requester()
            val before = events.newest()
            coroutineScope {
                val committing = nodes.map { node ->
                    async(Dispatchers.IO) {
                        coroutineScope {
                            List(8) {
                                async {
                                    List(12) {
                                        val asked = node.opened(question(requester))
                                        node.approvals.commit(1, asked.after(Command.Cancel), start) shouldBe true
                                        asked.id
                                    }
                                }
                            }.awaitAll().flatten()
                        }
                    }
                }
                val seen = ArrayList<Pair<Long, String>>()
                var seq = before
                while (true) {
                    val isOver = committing.all { it.isCompleted }
                    val batch = events.after(seq, 10)
                    batch.forEach {
                        seq shouldBeLessThan it.seq
                        seq = it.seq
                        seen += it.seq to it.approvalId
                    }
                    if (isOver && batch.isEmpty()) break
                }
                val made = committing.awaitAll().flatten()
                made.size shouldBe 288
                seen.map { it.second } shouldContainExactlyInAnyOrder made + made
                events.after(before, 10_000).map { it.seq } shouldContainExactly seen.map { it.first }
            }
            readPostgres(PostgresAddress(url)) { VerifyAudit(SqlAuditReader(it), emptyList()).run().problems }.shouldBeEmpty()
        }

        test("of two votes at once one is stored, and none of somebody who is taken out at the same moment counts after that") {
            val asked = nodes[0].opened(question(nodes[0].requester()))
            val version = nodes[0].access.electorate().version
            together { node, _ -> node.approvals.commit(1, asked.after(Command.Cancel), start, judgedBy = version) }.count { it } shouldBe 1

            repeat(10) {
                val approver = nodes[0].approver()
                val question = nodes[0].opened(question(nodes[0].requester()))
                val judgedBy = nodes[0].access.electorate().version
                val (isStored, isRevoked) = together { node, number ->
                    when (number) {
                        0 -> node.approvals.commit(1, question.after(Command.Cancel), start, judgedBy)
                        1 -> node.access.revokeApprover(approver.id, start)
                        else -> true
                    }
                }
                isRevoked shouldBe true
                val order = nodes[2].audit.entriesAfter(0, 100_000)
                    .filter { it.fact.approvalId == question.id || approver.id in it.fact.details.toString() }.map { it.fact.name }
                if (isStored) order.indexOf("approval.cancelled") shouldBeLessThan order.indexOf("approver.revoked")
            }
        }

        test("one of the last two admins stays, whoever removes both at once") {
            val admins = List(2) { nodes[0].approver(Role.ADMIN) }
            together { node, number -> if (number < 2) node.access.revokeApprover(admins[number].id, start) else true }
                .take(2) shouldContainExactlyInAnyOrder listOf(true, false)
        }

        test("a dedup key, a sign-in link and a challenge are good once, however many nodes are asked at once") {
            val requester = nodes[0].requester()
            repeat(5) { round ->
                together { node, _ -> node.approvals.commit(0, opening(question(requester, dedupKey = "key $round")), start) }
                    .count { it } shouldBe 1
                val approver = nodes[0].approver()
                nodes[0].sessions.add(SignInLink("link $round", approver.id, start.plusSeconds(60)), start) shouldBe true
                together { node, number ->
                    node.sessions.spend("link $round", start) { Session(ids.session(), it, "token $round $number", "a", start, start) }
                }.count { it != null } shouldBe 1
                together { node, _ -> node.passkeys.spend("challenge $round", start.plusSeconds(60), start) }.count { it } shouldBe 1
            }
        }

        test("a delivery is leased by one node") {
            repeat(5) {
                val requester = nodes[0].requester()
                val asked = nodes[0].opened(question(requester).copy(callbackUrl = "https://example.com/hook"))
                nodes[0].approvals.commit(1, asked.after(Command.Cancel), start) shouldBe true
                val later = start.plusSeconds(3_600)
                val lanes = nodes[0].deliveries.lanesDue(later)
                val taken = together { node, number ->
                    node.deliveries.lease(lanes.associateWith { 100 }, later, later.plusSeconds(60L + number)).map { it.id }
                }.flatten()
                taken.size shouldBe 1
            }
        }
    })
