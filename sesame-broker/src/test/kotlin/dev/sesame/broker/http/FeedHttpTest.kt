package dev.sesame.broker.http

import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.Limits
import dev.sesame.broker.TestBroker
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import java.util.Base64

class FeedHttpTest :
    FunSpec({
        val broker = TestBroker(limits = Limits(feeds = 3))
        afterSpec { broker.close() }
        val person = broker.approver()

        test("first it says that it is ready, then it tells each decision of this requester once, in order") {
            val requester = broker.requester()
            val other = broker.requester()
            Feed(requester.http).use { feed ->
                feed.next().name shouldBe "ready"
                val (yes, no, back) = listOf(requester.asked(), requester.asked(), requester.asked())
                person.approve(other.asked())
                person.decide(no, "deny", "note" to "no")
                person.approve(yes)
                requester.http.post("/v1/approvals/$back/cancel")
                val told = List(3) { feed.next() }
                told.map { it.name }.toSet() shouldBe setOf("decision")
                told.map { it.text("approval_id") to it.text("status") } shouldContainExactly
                    listOf(no to "denied", yes to "approved", back to "cancelled")
            }
        }

        test("the document is the one that was committed with the decision, whatever became of it since") {
            val requester = broker.requester()
            val cursor = Feed(requester.http).use { it.next().id }
            val id = requester.asked()
            person.approve(id)
            val read = requester.read(id)
            requester.http.post(
                "/v1/approvals/$id/claim",
                "claimant" to "x".repeat(22),
                "context_hash" to read.text("context_hash"),
            ).status shouldBe
                200
            Feed(requester.http, cursor).use { feed ->
                feed.next().name shouldBe "ready"
                feed.next().json shouldBe read.json
            }
        }

        test("after a cut it goes on from the cursor: nothing twice, nothing left out") {
            val requester = broker.requester()
            val ids = List(5) { requester.asked() }
            val cursor = Feed(requester.http).use { feed ->
                feed.next()
                ids.take(2).forEach(person::approve)
                feed.next().text("approval_id") shouldBe ids[0]
                feed.next().id
            }
            ids.drop(2).forEach(person::approve)
            Feed(requester.http, cursor).use { feed ->
                feed.next().name shouldBe "ready"
                List(3) { feed.next().text("approval_id") } shouldContainExactly ids.drop(2)
            }
        }

        test("a cursor of another requester, from the future, or made up leads nowhere") {
            val requester = broker.requester()
            val mine = Feed(requester.http).use { it.next().id }
            val foreign = Feed(broker.requester().http).use { it.next().id }
            val parts = String(Base64.getUrlDecoder().decode(mine)).split('.')
            val future = Base64.getUrlEncoder().encodeToString("999999999.${parts.drop(1).joinToString(".")}".toByteArray())
            for (cursor in listOf(foreign, future, "nonsense", "%%%")) {
                val answer = requester.http.send(requester.http.request("/v1/decisions").header("Last-Event-ID", cursor))
                answer.status shouldBe 410
                answer.text("code") shouldBe "cursor_expired"
            }
        }

        test("so many feeds and no more; a person has none") {
            val requester = broker.requester()
            val open = List(3) { Feed(requester.http).also { it.next() } }
            requester.http.get("/v1/decisions").let { it.status to it.text("code") } shouldBe (429 to "rate_limited")
            open.forEach { it.close() }
            person.http.get("/v1/decisions").status shouldBe 403
        }

        test("revoking the key ends the stream") {
            val requester = broker.requester()
            Feed(requester.http).use { feed ->
                feed.next()
                broker.admin.post("/v1/admin/keys/${requester.keyId}/revoke").status shouldBe 200
                feed.ends() shouldBe true
            }
        }

        test("an expiry is a decision too") {
            ClockedBroker().use { clocked ->
                val requester = clocked.requester()
                val id = requester.asked("expires_in" to 10)
                Feed(requester.http).use { feed ->
                    feed.next()
                    clocked.clock.moveSeconds(10)
                    requester.read(id).text("status") shouldBe "expired"
                    feed.next().let { it.text("approval_id") to it.text("status") } shouldBe (id to "expired")
                }
            }
        }

        test("a week-old cursor has expired") {
            ClockedBroker().use { clocked ->
                val requester = clocked.requester()
                val cursor = Feed(requester.http).use { it.next().id }
                clocked.clock.moveSeconds(7 * 86_400 + 1)
                requester.http.send(requester.http.request("/v1/decisions").header("Last-Event-ID", cursor)).status shouldBe 410
            }
        }
    })
