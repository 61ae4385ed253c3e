package dev.sesame.checks.contract

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import java.util.Base64

internal fun FunSpec.waiting(broker: () -> BrokerUnderTest) {
    fun document(event: Map<String, String>): JsonObject = Json.parseToJsonElement(event.getValue("data")).jsonObject
    fun id(event: Map<String, String>): String = (document(event).getValue("approval_id") as JsonPrimitive).content

    test("a held read ends with the decision, or with its time, still pending") {
        val (requester) = broker().requester()
        val id = requester.asked()
        requester.get("/v1/approvals/$id?wait=true&timeout_seconds=1").told shouldBe "200 pending"
        val answer = coroutineScope {
            val held = async(Dispatchers.IO) { requester.get("/v1/approvals/$id?wait=true&timeout_seconds=50") }
            broker().approver().decide(id, "approve")
            held.await()
        }
        answer.told shouldBe "200 approved"
    }

    test("what is decided already is not waited for") {
        val (requester) = broker().requester()
        val id = requester.asked()
        requester.post("/v1/approvals/$id/cancel")
        val start = System.nanoTime()
        requester.get("/v1/approvals/$id?wait=true&timeout_seconds=50").told shouldBe "200 cancelled"
        (System.nanoTime() - start) / 1_000_000_000 shouldBeLessThan 20
    }

    test("the feed says that it is ready, then tells each decision of this requester once, in order") {
        val (requester) = broker().requester()
        val (other) = broker().requester()
        val person = broker().approver()
        FeedReader(requester).use { feed ->
            feed.next().getValue("event") shouldBe "ready"
            val (yes, no, back) = List(3) { requester.asked() }
            person.decide(other.asked(), "approve")
            person.decide(no, "deny", "note" to "no")
            person.decide(yes, "approve")
            requester.post("/v1/approvals/$back/cancel")
            val told = List(3) { feed.next() }
            told.map { it["event"] }.toSet() shouldBe setOf("decision")
            told.map(::id) shouldBe listOf(no, yes, back)
            document(told.first()) shouldBe requester.read(no).json
        }
    }

    test("after a cut it goes on from the cursor, with the documents as they were decided") {
        val (requester) = broker().requester()
        val person = broker().approver()
        val cursor = FeedReader(requester).use { it.next().getValue("id") }
        val asked = List(3) { requester.asked() }
        asked.forEach { person.decide(it, "approve") }
        val decided = asked.map { requester.read(it).json }
        requester.claim(asked.first())
        val second = FeedReader(requester, cursor).use { feed ->
            feed.next().getValue("event") shouldBe "ready"
            document(feed.next()) shouldBe decided[0]
            feed.next().also { document(it) shouldBe decided[1] }
        }
        FeedReader(requester, second.getValue("id")).use { feed ->
            feed.next()
            document(feed.next()) shouldBe decided[2]
        }
    }

    test("another requester's cursor, one of the future and one of nobody's lead nowhere: 410") {
        val (requester, tester) = broker().requester()
        val mine = FeedReader(requester).use { it.next().getValue("id") }
        val theirs = listOf(broker().requester().first, tester).map { other -> FeedReader(other).use { it.next().getValue("id") } }
        val parts = String(Base64.getUrlDecoder().decode(mine)).split('.')
        val future = Base64.getUrlEncoder().encodeToString("999999999.${parts.drop(1).joinToString(".")}".toByteArray())
        (theirs + future + "nonsense" + "%%%").forEach { cursor -> FeedReader(requester, cursor).use { it.status shouldBe 410 } }
    }
}
