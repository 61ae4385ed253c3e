package dev.sesame.broker.store

import dev.sesame.Answer
import dev.sesame.ApprovalStatus
import dev.sesame.ExecutionState
import dev.sesame.Mode
import dev.sesame.Person
import dev.sesame.rules.ApprovalRecord
import dev.sesame.rules.Command
import dev.sesame.rules.Electorate
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import java.time.Duration

/** What every adapter of [ApprovalStore] promises about lists. */
internal abstract class ApprovalListContract(fresh: () -> Stores) :
    FunSpec({
        val stores = autoClose(fresh())

        suspend fun list(query: ApprovalQuery) = stores.approvals.list(query).map { it.id }

        fun position(last: ApprovalRecord) = Position(last.question.createdAt, last.id)

        test("a list is newest first; of equal age, by id downwards") {
            val requester = stores.requester()
            val old = stores.opened(question(requester, afterSeconds = 1))
            val twins = List(6) { stores.opened(question(requester, afterSeconds = 2)) }
            val new = stores.opened(question(requester, afterSeconds = 3))
            list(ApprovalQuery(requester.id, limit = 100)) shouldContainExactly
                listOf(new.id) + twins.map { it.id }.sortedDescending() + old.id
        }

        test("each filter leaves out what doesn't match") {
            val requester = stores.requester()
            val plain = stores.opened(question(requester, 1))
            val other = stores.opened(question(requester, 2, action = "mail.send"))
            val keyed = stores.opened(question(requester, 3, dedupKey = "key"))
            val test = stores.opened(question(requester, 4).copy(mode = Mode.TEST))
            val ended = stores.opened(question(requester, 5))
            stores.approvals.commit(1, ended.after(Command.Cancel), start) shouldBe true
            val foreign = stores.opened(question(stores.requester(), 6))
            val mine = ApprovalQuery(requester.id, limit = 100)

            list(mine.copy(mode = Mode.LIVE)) shouldContainExactly listOf(ended, keyed, other, plain).map { it.id }
            list(mine.copy(mode = Mode.TEST)) shouldContainExactly listOf(test.id)
            list(mine.copy(action = "mail.send")) shouldContainExactly listOf(other.id)
            list(mine.copy(dedupKey = "key")) shouldContainExactly listOf(keyed.id)
            list(mine.copy(status = ApprovalStatus.CANCELLED)) shouldContainExactly listOf(ended.id)
            list(mine.copy(status = ApprovalStatus.CANCELLED, action = "mail.send")).shouldBeEmpty()
            list(mine.copy(ids = listOf(plain.id, foreign.id, ids.approval()))) shouldContainExactly listOf(plain.id)
            list(ApprovalQuery(ids = listOf(plain.id, foreign.id), limit = 100)) shouldContainExactly listOf(foreign.id, plain.id)
            list(mine.copy(ids = emptyList())).shouldBeEmpty()
        }

        test("runs are found by how their last report or claim left them, whatever stands in the texts") {
            val requester = stores.requester()
            val mine = ApprovalQuery(requester.id, limit = 100)
            val by = Person("ap", """"execution":{"state":"unknown"""")
            val electorate = Electorate(mapOf(by.id to emptySet()))
            val runs = List(4) { number ->
                val opened = stores.opened(question(requester, number.toLong()))
                val approved = opened.after(vote(by, Answer.APPROVE, "api", note = by.name).copy(electorate = electorate))
                stores.approvals.commit(1, approved, start) shouldBe true
                approved.after
            }
            val claimed = runs.drop(1).map { record ->
                val claim = Command.TakeClaim("c".repeat(22), Duration.ofSeconds(60), record.contextHash)
                record.after(claim).also { stores.approvals.commit(2, it, start) shouldBe true }.after
            }
            val unknown = claimed[1].after(Command.Report(1, ExecutionState.UNKNOWN))
            stores.approvals.commit(3, unknown, start) shouldBe true

            list(mine.copy(execution = setOf(ExecutionState.UNKNOWN))) shouldContainExactly listOf(runs[2].id)
            list(mine.copy(execution = setOf(ExecutionState.UNKNOWN, ExecutionState.CLAIMED))) shouldContainExactly
                listOf(runs[3].id, runs[2].id, runs[1].id)
            list(mine.copy(execution = setOf(ExecutionState.FAILED))).shouldBeEmpty()
        }

        test("a run is found whatever an approver's edit holds, and the edit is kept to the letter") {
            fun holding(state: String): JsonObject = Json.parseToJsonElement(
                """{"runs": [{"execution":{"state":"$state"}, "EXECUTION":{"state":"$state"}}, "\"execution\":{\"state\":\"succeeded\"}"]}""",
            ).jsonObject
            val asked = question(stores.requester()).copy(context = holding("failed"), editable = listOf("runs"))
            val opened = stores.opened(asked)
            val approved = opened.after(vote(Person("ap", "Kim"), Answer.APPROVE, "api").copy(context = holding("succeeded")))
            stores.approvals.commit(1, approved, start) shouldBe true
            val claimed = approved.after.after(Command.TakeClaim("c".repeat(22), Duration.ofSeconds(60), approved.after.contextHash))
            stores.approvals.commit(2, claimed, start) shouldBe true

            list(ApprovalQuery(asked.requesterId, execution = setOf(ExecutionState.CLAIMED), limit = 9)) shouldContainExactly
                listOf(asked.id)
            list(ApprovalQuery(asked.requesterId, execution = setOf(ExecutionState.SUCCEEDED), limit = 9)).shouldBeEmpty()
            stores.approvals.find(asked.id)?.progress?.decision?.editedContext shouldBe holding("succeeded")
        }

        test("pages neither leave a gap nor show one twice while new ones arrive, also where many are of equal age") {
            val requester = stores.requester()
            val there = List(23) { stores.opened(question(requester, afterSeconds = it / 5L)).id }.toSet()
            val seen = mutableListOf<String>()
            var position: Position? = null
            do {
                val page = stores.approvals.list(ApprovalQuery(requester.id, olderThan = position, limit = 4))
                seen += page.map { it.id }
                position = page.lastOrNull()?.let(::position)
                stores.opened(question(requester, afterSeconds = 1_000))
            } while (page.isNotEmpty())
            seen.size shouldBe there.size
            seen.toSet() shouldBe there
        }

        test("filters hold on every page") {
            val requester = stores.requester()
            val wanted = List(6) {
                stores.opened(question(requester, it * 2L, action = "mail.send"))
                stores.opened(question(requester, it * 2L + 1))
            }
            val query = ApprovalQuery(requester.id, action = "payments.refund", limit = 4)
            val first = stores.approvals.list(query)
            val second = stores.approvals.list(query.copy(olderThan = position(first.last())))
            (first + second).map { it.id } shouldContainExactly wanted.reversed().map { it.id }
        }
    })
