package dev.sesame.checks.contract

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.serialization.json.jsonArray
import java.time.Duration
import java.time.Instant

internal fun FunSpec.deciding(broker: () -> BrokerUnderTest) {
    test("a yes decides, and says who, how, when and for how long") {
        val (requester) = broker().requester()
        val id = requester.asked("valid_for" to 60)
        val answer = broker().approver().decide(id, "approve", "note" to "fine")
        answer.told shouldBe "200 approved"
        listOf("decision.status", "decision.via", "decision.note").map { answer[it] } shouldBe listOf("approved", "api", "fine")
        answer.at("votes").jsonArray.size shouldBe 1
        Duration.between(Instant.parse(answer["decided_at"]), Instant.parse(answer["valid_until"])) shouldBe Duration.ofSeconds(60)
        requester.read(id).json shouldBe answer.json
    }

    test("the first decision stands: every later one is 409 already_decided, with the document") {
        val (requester) = broker().requester()
        val id = requester.asked()
        val person = broker().approver()
        person.decide(id, "deny").told shouldBe "200 denied"
        val late = listOf(person.decide(id, "deny"), person.decide(id, "approve"), broker().approver().decide(id, "approve"))
        late.map { it.told to it["approval.status"] } shouldBe List(3) { "409 already_decided" to "denied" }
        requester.post("/v1/approvals/$id/cancel").told shouldBe "409 already_decided"
    }

    test("of opposite answers at once, one decides and the others are told") {
        val (requester) = broker().requester()
        val people = List(4) { broker().approver() }
        val id = requester.asked()
        val answers = coroutineScope {
            people.mapIndexed { index, person ->
                async(Dispatchers.IO) {
                    person.decide(
                        id,
                        if (index % 2 ==
                            0
                        ) {
                            "approve"
                        } else {
                            "deny"
                        },
                    )
                }
            }.awaitAll()
        }
        answers.count { it.status == 200 } shouldBe 1
        answers.count { it.told == "409 already_decided" } shouldBe 3
        requester.read(id)["status"] shouldBe answers.single { it.status == 200 }["status"]
    }

    test("a vote is approve or deny, with a note of its length and nothing else") {
        val id = broker().requester().first.asked()
        val person = broker().approver()
        person.decide(id, "maybe").wrongFields shouldBe listOf("decision")
        person.decide(id, "approve", "note" to "x".repeat(4_001)).wrongFields shouldBe listOf("note")
        person.decide(id, "approve", "context" to 7).wrongFields shouldBe listOf("context")
        person.decide(id, "deny", "context" to json()).wrongFields shouldBe listOf("context")
        person.decide(id, "approve", "nonsense" to 1).wrongFields shouldBe listOf("nonsense")
        person.read(id)["status"] shouldBe "pending"
    }

    test("a request is taken back once or again, by its requester or an admin") {
        val (requester) = broker().requester()
        val id = requester.asked()
        repeat(2) { requester.post("/v1/approvals/$id/cancel").told shouldBe "200 cancelled" }
        broker().approver().decide(id, "approve").told shouldBe "409 already_decided"
        broker().admin.post("/v1/approvals/${requester.asked()}/cancel").told shouldBe "200 cancelled"
        requester.post("/v1/approvals/${requester.asked()}/cancel", "why" to "x").wrongFields shouldBe listOf("why")
    }
}
