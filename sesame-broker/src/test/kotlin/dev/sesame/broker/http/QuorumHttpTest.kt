package dev.sesame.broker.http

import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.TestBroker
import dev.sesame.broker.groupOf
import dev.sesame.broker.json
import dev.sesame.broker.leave
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.serialization.json.JsonArray

class QuorumHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val (ann, bob, cem) = List(3) { broker.approver() }
        val engineering = broker.groupOf(ann, bob)
        val security = broker.groupOf(bob, cem)

        test("of two, the first approval is seen by whoever reads it, and the second decides") {
            val id = requester.asked("approvals_required" to 2)
            ann.decide(id, "approve", "note" to "fine").text("status") shouldBe "pending"
            val read = requester.read(id)
            (read.at("votes") as JsonArray).size shouldBe 1
            ann.approve(id).json shouldBe read.json
            val decided = bob.approve(id)
            decided.text("status") shouldBe "approved"
            decided.text("decision.by.id") shouldBe bob.id
            (decided.at("votes") as JsonArray).size shouldBe 2
        }

        test("one denial ends it, also by who had approved") {
            val id = requester.asked("approvals_required" to 2)
            ann.approve(id)
            ann.decide(id, "deny").text("status") shouldBe "denied"
            bob.decide(id, "approve") shouldBeRefusedWith (409 to "already_decided")
        }

        test("one of each group: two of the same don't decide, one of the other does") {
            val id = requester.asked("approvals_per_group" to json(engineering to 1, security to 1))
            requester.read(id).text("approvals_required") shouldBe "2"
            bob.approve(id).text("status") shouldBe "pending"
            cem.approve(id).text("status") shouldBe "approved"
        }

        test("who isn't asked reads nothing of it, and is told so when they answer, without what is asked") {
            val id = requester.asked("groups" to listOf(security))
            listOf("approve", "deny").forEach { ann.decide(id, it) shouldBeRefusedWith (403 to "not_in_group") }
            ann.decide(id, "approve").json.keys.contains("approval") shouldBe false
            ann.http.get("/v1/approvals/$id") shouldBeRefusedWith (404 to "not_found")
            ann.http.get("/v1/inbox").ids.contains(id) shouldBe false
            ann.http.get("/v1/approvals?ids=$id").ids shouldContainExactly emptyList()
            cem.http.get("/v1/inbox").ids.contains(id) shouldBe true
            broker.admin.get("/v1/approvals/$id").status shouldBe 200
            broker.admin.post("/v1/approvals/$id/decision", "decision" to "approve") shouldBeRefusedWith (403 to "not_in_group")
            requester.read(id).text("status") shouldBe "pending"
        }

        test("who left the group, or was removed, after voting counts no more") {
            val (one, two, three) = List(3) { broker.approver() }
            val group = broker.groupOf(one, two, three)
            val left = requester.asked("groups" to listOf(group), "approvals_required" to 2)
            val removed = requester.asked("approvals_required" to 2)
            one.approve(left)
            one.approve(removed)
            broker.leave(group, one)
            two.approve(left).text("status") shouldBe "pending"
            three.approve(left).text("status") shouldBe "approved"

            broker.admin.post("/v1/admin/approvers/${one.id}/revoke").status shouldBe 200
            two.approve(removed).text("status") shouldBe "pending"
            (requester.read(removed).at("votes") as JsonArray).size shouldBe 2
            three.approve(removed).text("status") shouldBe "approved"
        }

        test("what nobody could ever approve is refused, and asked again under its key it still is") {
            repeat(2) {
                val answer = requester.ask("groups" to listOf(engineering), "approvals_required" to 3, "dedup_key" to "too many")
                answer shouldBeRefusedWith (422 to "invalid")
                answer.wrongFields shouldContainExactly listOf("approvals_required")
            }
            requester.ask("approvals_per_group" to json(engineering to 2, security to 2)).wrongFields shouldContainExactly
                listOf("approvals_required")
        }

        test("what was asked stays what it is when the people go: the same call again finds it") {
            val alone = broker.approver()
            val group = broker.groupOf(alone)
            val id = requester.asked("groups" to listOf(group), "dedup_key" to "before they left")
            broker.leave(group, alone)
            requester.ask("groups" to listOf(group), "dedup_key" to "before they left").text("approval_id") shouldBe id
        }

        test("another quorum under the same key is another question") {
            requester.asked("dedup_key" to "q", "approvals_required" to 2)
            requester.ask("dedup_key" to "q", "approvals_required" to 3) shouldBeRefusedWith (409 to "dedup_conflict")
            requester.ask("dedup_key" to "q", "approvals_required" to 2, "groups" to listOf(engineering)) shouldBeRefusedWith
                (409 to "dedup_conflict")
        }

        test("of many votes at once, just as many count as are needed, and each person once") {
            val people = List(6) { broker.approver() }
            val id = requester.asked("approvals_required" to 3)
            val answers = coroutineScope { people.map { async(Dispatchers.IO) { it.decide(id, "approve") } }.awaitAll() }
            answers.count { it.status == 200 } shouldBe 3
            answers.count { it.status == 409 } shouldBe 3
            (requester.read(id).at("votes") as JsonArray).size shouldBe 3
        }

        test("the second of two at the very expiry doesn't approve") {
            ClockedBroker().use { clocked ->
                val people = List(2) { clocked.approver() }
                val id = clocked.requester().asked("approvals_required" to 2, "expires_in" to 10)
                people[0].approve(id)
                clocked.clock.moveSeconds(10)
                val late = people[1].decide(id, "approve")
                late shouldBeRefusedWith (409 to "already_decided")
                late.text("approval.status") shouldBe "expired"
            }
        }
    })
