package dev.sesame.checks.contract

import dev.sesame.AlreadyExecutedException
import dev.sesame.ApprovalDeniedException
import dev.sesame.ApprovalNotFoundException
import dev.sesame.ApprovalStatus
import dev.sesame.Approvers
import dev.sesame.DedupConflictException
import dev.sesame.ExecutionUnknownException
import dev.sesame.InvalidRequestException
import dev.sesame.Sesame
import dev.sesame.SesameAuthException
import dev.sesame.checks.eventually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.firstOrNull
import kotlinx.coroutines.flow.toList
import kotlin.time.Duration.Companion.days

internal fun FunSpec.throughTheClient(broker: () -> BrokerUnderTest) {
    fun client(key: String? = broker().requester().first.credential, longPolls: Boolean = false) = Sesame {
        apiKey = key
        brokerUrl = broker().address
        longPollOnly = longPolls
        requireClaim = true
    }

    suspend fun <T> Approvers.answering(action: String, answer: suspend Approvers.(String) -> Unit, run: suspend () -> T): T =
        coroutineScope {
            val running = async { run() }
            answer(eventually { pending().firstOrNull { it.action == action } }.id)
            running.await()
        }

    for (longPolls in listOf(false, true)) {
        val way = if (longPolls) "long polls" else "the feed"

        test("a yes runs the block once, and the same call again says so, by $way") {
            val action = "client.yes.$longPolls"
            client(longPolls = longPolls).use { sesame ->
                Approvers(broker().approver().credential!!) { brokerUrl = broker().address }.use { person ->
                    person.answering(action, { approve(it) }) { sesame.approve(action, dedupKey = "k") { "ran" } } shouldBe "ran"
                }
                shouldThrow<AlreadyExecutedException> { sesame.approve(action, dedupKey = "k") { } }
                shouldThrow<DedupConflictException> { sesame.approve("other", dedupKey = "k") { } }
            }
        }

        test("a no is told with its note, by $way") {
            val action = "client.no.$longPolls"
            client(longPolls = longPolls).use { sesame ->
                Approvers(broker().approver().credential!!) { brokerUrl = broker().address }.use { person ->
                    val denied = person.answering(action, { deny(it, note = "no") }) {
                        shouldThrow<ApprovalDeniedException> { sesame.approve(action) { } }
                    }
                    denied.note shouldBe "no"
                }
            }
        }
    }

    test("the block gets what was edited, and the approval tells what that was") {
        val action = "client.edit"
        client().use { sesame ->
            Approvers(broker().approver().credential!!) { brokerUrl = broker().address }.use { person ->
                val edit: suspend Approvers.(String) -> Unit = { approve(it, context = json("cents" to 1_500, "to" to "DE00")) }
                val ran = person.answering(action, edit) {
                    sesame.approve(action, context = json("cents" to 2_000, "to" to "DE00"), editable = listOf("cents")) { approval ->
                        approval.edits.joinToString { "${it.field} ${it.before} ${it.after}" } + " " + approval.effectiveContext["cents"]
                    }
                }
                ran shouldBe "cents 2000 1500 1500"
            }
        }
    }

    test("two people of one group say yes before the block runs; who is slow is given more time") {
        val people = List(2) { broker().approver() }
        val group = "those of the client"
        people.forEach { broker().move(it, group) }
        client().use { sesame ->
            val asked = sesame.trigger("client.quorum", groups = listOf(group), approvalsRequired = 2)
            people.forEachIndexed { index, person ->
                Approvers(person.credential!!) { brokerUrl = broker().address }.use {
                    if (index == 0) it.extend(asked.id, 2.days).expiresAt!!.isAfter(asked.approval.expiresAt) shouldBe true
                    it.approve(asked.id, note = "yes $index")
                }
            }
            asked.run { approval -> approval.votes.map { it.note } } shouldBe listOf("yes 0", "yes 1")
        }
    }

    test("a block that threw leaves the outcome unknown, until somebody says that it may run") {
        client().use { sesame ->
            val asked = sesame.trigger("client.unknown")
            broker().approver().decide(asked.id, "approve")
            shouldThrow<IllegalStateException> { asked.run { error("who knows") } }
            shouldThrow<ExecutionUnknownException> { asked.run { } }
            asked.run(afterUnknown = true) { "ran" } shouldBe "ran"
        }
    }

    test("what is refused is told as what it is") {
        client("sk_live_sh_" + "x".repeat(43)).use { shouldThrow<SesameAuthException> { it.trigger("a") } }
        client().use { sesame ->
            shouldThrow<InvalidRequestException> { sesame.trigger("x".repeat(201)) }.fields.keys shouldBe setOf("action")
            shouldThrow<ApprovalNotFoundException> { sesame.attach("ap_" + "a".repeat(26)) }
            val asked = List(3) { sesame.trigger("client.list") }
            asked.first().cancel().status shouldBe ApprovalStatus.CANCELLED
            sesame.approvals(status = ApprovalStatus.PENDING).toList().map { it.id }.toSet() shouldBe asked.drop(1).map { it.id }.toSet()
        }
    }
}
