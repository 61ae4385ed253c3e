package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.Callable
import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.Http
import dev.sesame.broker.Requesting
import dev.sesame.broker.groupOf
import dev.sesame.broker.store.ids
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.serialization.json.JsonNull

/** Puts a policy in force whose one rule, called `terms`, has people asked as these lines say. */
internal fun Callable.askOn(vararg lines: String) {
    val rule = listOf("name: terms", "action: payments.*", "effect: require_approval") + lines
    val text = "version: 1\nrules:\n  - " + rule.joinToString("\n    ")
    admin.post("/v1/admin/policies", "text" to text).let { withClue(it) { it.status shouldBe 201 } }
}

/** What a rule wants of the asking, joined with what the caller asks. */
class PolicyTermsHttpTest :
    FunSpec({
        val broker = autoClose(ClockedBroker())
        val requester = broker.requester()
        val (ann, bob, cem) = List(3) { broker.approver() }
        val one = broker.groupOf(ann, bob)
        val two = broker.groupOf(cem)
        val nobodys = broker.groupOf()

        fun Answer.people() = listOf("groups", "approvals_required", "approvals_per_group").map { "${at(it)}" }

        fun refused(field: String, word: String, asking: Requesting = requester, vararg fields: Pair<String, Any?>) {
            val answer = asking.ask(*fields)
            answer shouldBeRefusedWith (422 to "invalid")
            answer.wrongFields shouldContainExactly listOf(field)
            answer.text("detail")!! shouldContain word
        }

        test("a rule's groups are asked where the caller names none, and nobody else answers it") {
            broker.askOn("groups: [\"$one\"]")
            val id = requester.ask().also { it.people() shouldContainExactly listOf("[\"$one\"]", "1", "{}") }.text("approval_id")!!
            cem.http.get("/v1/approvals/$id") shouldBeRefusedWith (404 to "not_found")
            cem.decide(id, "approve") shouldBeRefusedWith (403 to "not_in_group")
            ann.approve(id).text("status") shouldBe "approved"
        }

        test("of the caller's groups those of the rule are left; where none is, it is refused and names the rule") {
            broker.askOn("groups: [\"$one\"]")
            requester.ask("groups" to listOf(one, two)).people().first() shouldBe "[\"$one\"]"
            refused("groups", "the rule \"terms\"", requester, "groups" to listOf(two))
            broker.testing().ask("groups" to listOf(two)) shouldBeRefusedWith (422 to "invalid")
        }

        test("people of each group that the rule names must approve, beside those that the caller wants") {
            broker.askOn("groups: [\"$one\", \"$two\"]", "approvals_per_group: {\"$two\": 1}")
            val asked = requester.ask("approvals_required" to 2)
            asked.people() shouldContainExactly listOf("[\"$one\",\"$two\"]", "2", "{\"$two\":1}")
            val id = asked.text("approval_id")!!
            ann.approve(id).text("status") shouldBe "pending"
            bob.approve(id).text("status") shouldBe "pending"
            cem.approve(id).text("status") shouldBe "approved"
            val each = requester.ask("approvals_per_group" to mapOf(one to 2, two to 1))
            each.people() shouldContainExactly listOf("[\"$one\",\"$two\"]", "3", "{\"$one\":2,\"$two\":1}")
            refused("groups", "people of it must approve", requester, "groups" to listOf(one))
            refused("approvals_per_group", "10 can be", requester, "groups" to listOf(one, two), "approvals_per_group" to mapOf(one to 10))
        }

        test("what nobody could approve any more, with the rule's terms, is refused") {
            broker.askOn("groups: [\"$two\"]", "approvals_required: 2")
            refused("approvals_required", "of all people here 1 may approve it")
            broker.askOn("groups: [\"no group\"]")
            refused("groups", "names, together with the rule \"terms\", what is no group here: no group")
            broker.testing().ask().people().first() shouldBe "[\"no group\"]"
            broker.askOn("groups: [\"$nobodys\"]")
            refused("approvals_required", "of all people here 0 may approve it")
        }

        test("the rule says whether the owner may answer, and else the requester") {
            fun owned(allowSelf: Boolean): Requesting {
                val name = "owned ${ids.requester()}"
                broker.admin.post("/v1/admin/requesters", "name" to name, "owner" to ann.id, "allow_self" to allowSelf)
                val key = broker.admin.post("/v1/admin/keys", "requester" to name)
                return Requesting(name, key.text("id")!!, Http(broker.url, key.text("key")))
            }
            val (strict, lenient) = listOf(owned(false), owned(true))
            broker.askOn("allow_self: true")
            listOf(strict, lenient).forEach { ann.approve(it.asked()).text("status") shouldBe "approved" }
            broker.askOn("allow_self: false")
            listOf(strict, lenient).forEach { ann.decide(it.asked(), "approve") shouldBeRefusedWith (403 to "self_approval") }
            broker.askOn()
            ann.decide(strict.asked(), "approve") shouldBeRefusedWith (403 to "self_approval")
            ann.approve(lenient.asked()).text("status") shouldBe "approved"
        }

        test("the expiry is put off no further than the rule's time from the asking, which its refusal names") {
            broker.askOn("expires_in: 7200")
            val id = requester.asked("expires_in" to 60)
            val over = ann.http.post("/v1/approvals/$id/extend", "expires_in" to 7_201)
            over shouldBeRefusedWith (422 to "invalid")
            over.text("detail")!! shouldContain "by the rule \"terms\""
            ann.http.post("/v1/approvals/$id/extend", "expires_in" to 7_200).status shouldBe 200
            broker.askOn("expires_in: 60")
            broker.clock.moveSeconds(1)
            ann.http.post("/v1/approvals/$id/extend", "expires_in" to 7_199).status shouldBe 200 // as it was asked
        }

        test("the same call finds its approval under every other policy, and another call doesn't") {
            val fields = arrayOf<Pair<String, Any?>>("dedup_key" to "k", "groups" to listOf(one, two))
            broker.askOn("groups: [\"$one\"]", "approvals_required: 2")
            val first = requester.ask(*fields).also { it.status shouldBe 201 }
            listOf("groups: [\"$two\"]", "groups: [\"$nobodys\"]", "approvals_per_group: {\"$two\": 1}", "expires_in: 60").forEach { line ->
                broker.askOn(line)
                requester.ask(*fields).let { (it.status to it.json) shouldBe (200 to first.json) }
            }
            requester.ask("dedup_key" to "k", "groups" to listOf(one)) shouldBeRefusedWith (409 to "dedup_conflict")
            requester.http.post("/v1/approvals/${first.text("approval_id")}/cancel").status shouldBe 200
            broker.askOn("groups: [\"$one\"]")
            refused("groups", "the rule \"terms\"", requester, "dedup_key" to "k", "groups" to listOf(nobodys))
        }

        test("the document says to whom it escalates and when, within what the caller named; an unknown group is refused") {
            broker.askOn("groups: [\"$one\"]", "escalation: {after: 60, groups: [\"$two\"]}")
            val asked = requester.ask()
            asked.at("escalation.groups").toString() shouldBe "[\"$two\"]"
            asked.text("escalation.at") shouldBe "${broker.clock.instant().plusSeconds(60)}"
            asked.at("escalation.escalated_at") shouldBe JsonNull
            requester.ask("groups" to listOf(one)).at("escalation") shouldBe JsonNull
            requester.ask("groups" to listOf(one, two)).at("escalation.groups").toString() shouldBe "[\"$two\"]"
            broker.askOn("groups: [\"$one\"]", "escalation: {after: 60, groups: [\"no group\"]}")
            refused("groups", "what is no group here: no group")
            broker.testing().ask().status shouldBe 201
        }
    })
