package dev.sesame.checks.contract

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeInRange
import io.kotest.matchers.shouldBe
import java.time.Duration
import java.time.Instant

private fun Caller.extend(id: String, vararg fields: Pair<String, Any?>) = post("/v1/approvals/$id/extend", *fields)

internal fun FunSpec.extending(broker: () -> BrokerUnderTest) {
    test("an approver gives people more time, which its requester reads") {
        val (requester) = broker().requester()
        val id = requester.asked("expires_in" to 60)
        val answer = broker().approver().extend(id, "expires_in" to 3_600)
        answer.told shouldBe "200 pending"
        Duration.between(Instant.parse(answer["created_at"]), Instant.parse(answer["expires_at"])).seconds shouldBeInRange 3_600L..3_660L
        requester.read(id).json shouldBe answer.json
    }

    test("never less time than there is, nor more than a week after it was asked") {
        val id = broker().requester().first.asked()
        val person = broker().approver()
        listOf(60, 700_000, 9, 2_592_001, "x", null).forEach {
            person.extend(id, "expires_in" to it).let { answer -> answer.told to answer.wrongFields } shouldBe
                ("422 invalid" to listOf("expires_in"))
        }
        person.extend(id, "expires_in" to 100_000, "note" to "x").wrongFields shouldBe listOf("note")
    }

    test("who doesn't decide it doesn't extend it, but an admin does; what has ended stays so") {
        val (requester) = broker().requester()
        val (ann, bob) = List(2) { broker().approver() }
        broker().move(ann, "those who extend")
        val id = requester.asked("groups" to listOf("those who extend"))
        requester.extend(id, "expires_in" to 100_000).told shouldBe "403 forbidden"
        bob.extend(id, "expires_in" to 100_000).told shouldBe "403 not_in_group"
        broker().admin.extend(id, "expires_in" to 100_000).told shouldBe "200 pending"
        ann.decide(id, "approve")
        ann.extend(id, "expires_in" to 200_000).told shouldBe "409 already_decided"
        ann.extend("ap_none", "expires_in" to 200_000).told shouldBe "404 not_found"
    }
}
