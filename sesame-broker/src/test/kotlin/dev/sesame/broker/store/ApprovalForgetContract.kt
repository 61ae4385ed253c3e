package dev.sesame.broker.store

import dev.sesame.Answer
import dev.sesame.ExecutionState
import dev.sesame.Mode
import dev.sesame.broker.access.Requester
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import java.time.Duration

/** What every adapter of [ApprovalStore] promises about forgetting. */
internal abstract class ApprovalForgetContract(fresh: () -> Stores) :
    FunSpec({
        val claim = Command.TakeClaim("c".repeat(22), Duration.ofSeconds(60), "")

        suspend fun Stores.moved(record: ApprovalRecord, command: Command): ApprovalRecord {
            val transition = record.after(command)
            approvals.commit(record.version, transition, start) shouldBe true
            return transition.after
        }

        suspend fun Stores.asked(requester: Requester, key: String) = opened(question(requester, dedupKey = key))

        suspend fun Stores.claimed(requester: Requester, key: String): ApprovalRecord {
            val approved = moved(asked(requester, key), vote(approver()))
            return moved(approved, claim.copy(contextHash = approved.contextHash))
        }

        suspend fun Stores.reported(requester: Requester, outcome: ExecutionState): ApprovalRecord =
            moved(claimed(requester, "$outcome"), Command.Report(fence = 1, outcome))

        suspend fun Stores.idOf(requester: Requester, key: String) = approvals.findByDedupKey(requester.id, Mode.LIVE, key)?.id

        test("a key is freed once its approval ended that long ago, but for one whose outcome nobody knows") {
            fresh().use { stores ->
                val requester = stores.requester()
                stores.asked(requester, "pending")
                stores.moved(stores.asked(requester, "denied"), vote(stores.approver(), Answer.DENY))
                stores.moved(stores.asked(requester, "approved"), vote(stores.approver()))
                listOf(ExecutionState.SUCCEEDED, ExecutionState.FAILED).forEach { stores.reported(requester, it) }
                val unknown = stores.reported(requester, ExecutionState.UNKNOWN)
                val claimed = stores.claimed(requester, "claimed") // its lease is long over by then
                val ended = start.plusSeconds(1)
                stores.approvals.forgetKeys(ended, 100) shouldBe 0
                stores.approvals.forgetKeys(ended.plusMillis(1), 100) shouldBe 4
                listOf("denied", "approved", "succeeded", "failed").forEach { stores.idOf(requester, it).shouldBeNull() }
                stores.idOf(requester, "unknown") shouldBe unknown.id
                stores.idOf(requester, "claimed") shouldBe claimed.id
                stores.idOf(requester, "pending").shouldNotBeNull()

                stores.moved(unknown, Command.Report(fence = 1, ExecutionState.SUCCEEDED))
                stores.approvals.forgetKeys(ended.plusMillis(1), 100) shouldBe 1
                stores.idOf(requester, "unknown").shouldBeNull()
            }
        }

        test("no more are freed at once than wanted, and those that stay are in nobody's way") {
            fresh().use { stores ->
                val requester = stores.requester()
                repeat(3) { stores.claimed(requester, "claimed $it") }
                repeat(3) { stores.moved(stores.asked(requester, "denied $it"), vote(stores.approver(), Answer.DENY)) }
                List(3) { stores.approvals.forgetKeys(start.plusSeconds(2), 2) } shouldBe listOf(2, 1, 0)
                repeat(3) { stores.idOf(requester, "claimed $it").shouldNotBeNull() }
            }
        }

        test("an approval that is deleted takes its key and its events along, whatever became of it") {
            fresh().use { stores ->
                val requester = stores.requester()
                val claimed = stores.claimed(requester, "claimed")
                val pending = stores.asked(requester, "pending")
                stores.approvals.forget(start.plusSeconds(1), 100, start.plusSeconds(9)) shouldBe 0
                stores.approvals.forget(start.plusSeconds(2), 100, start.plusSeconds(9)) shouldBe 1
                stores.approvals.find(claimed.id).shouldBeNull()
                stores.idOf(requester, "claimed").shouldBeNull()
                stores.approvals.decidedAfter(0, requester.id, Mode.LIVE, 100) shouldBe emptyList()
                stores.approvals.find(pending.id) shouldBe pending
            }
        }
    })
