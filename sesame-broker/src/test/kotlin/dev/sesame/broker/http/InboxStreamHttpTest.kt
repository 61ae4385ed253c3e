package dev.sesame.broker.http

import dev.sesame.broker.ClockedBroker
import dev.sesame.broker.Http
import dev.sesame.broker.TestBroker
import dev.sesame.broker.browser
import dev.sesame.broker.groupOf
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import java.time.Duration

class InboxStreamHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val person = broker.approver()

        fun inbox(http: Http = person.http, query: String = "", vararg headers: Pair<String, String>) =
            Feed(http, path = "/v1/inbox/stream$query", headers = headers)

        test("it tells what is asked, decided and otherwise happens, of every requester, once and in order") {
            inbox().use { stream ->
                stream.next().name shouldBe "ready"
                val (one, two) = listOf(requester.asked("risk_score" to 0.5), broker.requester().asked())
                person.approve(one)
                val hash = requester.read(one).text("context_hash")
                requester.http.post("/v1/approvals/$one/claim", "claimant" to "c".repeat(22), "context_hash" to hash).shouldBeOk()
                val told = List(4) { stream.next() }
                told.map { it.name to it.text("approval_id") } shouldContainExactly
                    listOf("asked" to one, "asked" to two, "decision" to one, "changed" to one)
                told[2].text("status") shouldBe "approved"
                told.forEach { Contract.check.faults(Contract.schema("InboxEvent"), it.json).shouldBeEmpty() }
            }
        }

        test("what is asked of a group is told to its people and admins, and to nobody else") {
            val group = broker.groupOf(broker.approver())
            val member = broker.approver()
            val joined = broker.groupOf(member)
            inbox().use { outside ->
                inbox(member.http).use { inside ->
                    listOf(outside, inside).forEach { it.next().name shouldBe "ready" }
                    requester.asked("groups" to listOf(group))
                    val theirs = requester.asked("groups" to listOf(joined))
                    val all = requester.asked()
                    outside.next().text("approval_id") shouldBe all
                    List(2) { inside.next().text("approval_id") } shouldContainExactly listOf(theirs, all)
                }
            }
        }

        test("after a cut it goes on from the cursor, given as header or parameter; the header wins") {
            val cursor = inbox().use { it.next().id }
            val ids = List(3) { requester.asked() }
            inbox(query = "?cursor=$cursor").use { stream ->
                stream.next().name shouldBe "ready"
                List(3) { stream.next().text("approval_id") } shouldContainExactly ids
            }
            val middle = inbox(query = "?cursor=$cursor").use { stream -> List(3) { stream.next() }.last().id }
            inbox(person.http, "?cursor=$cursor", "Last-Event-ID" to middle).use { stream ->
                stream.next()
                stream.next().text("approval_id") shouldBe ids[2]
            }
        }

        test("a cursor of another approver, of the decision feed, too old or made up leads nowhere") {
            val foreign = inbox(broker.approver().http).use { it.next().id }
            val feed = Feed(requester.http).use { it.next().id }
            listOf(foreign, feed, "nonsense", "%25").forEach {
                withClue(it) { person.http.get("/v1/inbox/stream?cursor=$it") shouldBeRefusedWith (410 to "cursor_expired") }
            }
            ClockedBroker().use { clocked ->
                val reader = clocked.approver().http
                val cursor = inbox(reader).use { it.next().id }
                clocked.clock.move(Duration.ofDays(7).plusSeconds(1))
                reader.get("/v1/inbox/stream?cursor=$cursor") shouldBeRefusedWith (410 to "cursor_expired")
            }
        }

        test("a page reads it with its session's cookie, and no other site does; a program has none") {
            val browser = broker.browser(person)
            inbox(broker.nobody, "", "Cookie" to browser.cookie!!, "Sec-Fetch-Site" to "same-origin").use {
                it.next().name shouldBe "ready"
            }
            listOf("cross-site", "same-site").forEach { browser.get("/v1/inbox/stream", "Sec-Fetch-Site" to it).status shouldBe 401 }
            broker.nobody.get("/v1/inbox/stream") shouldBeRefusedWith (401 to "unauthorized")
            requester.http.get("/v1/inbox/stream") shouldBeRefusedWith (403 to "forbidden")
        }

        test("the cookie opens nothing else of the contract") {
            val browser = broker.browser(broker.approver("admin"))
            listOf("/v1/inbox", "/v1/admin/keys", "/v1/approvals").forEach { withClue(it) { browser.get(it).status shouldBe 401 } }
        }

        test("signing out ends the stream of that session alone; removing the approver ends all of theirs") {
            val approver = broker.approver()
            val (one, two) = List(2) { broker.browser(approver) }
            val streams = listOf(one, two).map { inbox(broker.nobody, "", "Cookie" to it.cookie!!) } + inbox(approver.http)
            streams.forEach { it.next().name shouldBe "ready" }
            one.get("/sessions")
            one.post("/sign-out").shouldBeOk()
            streams[0].ends() shouldBe true
            requester.asked()
            streams.drop(1).forEach { it.next().name shouldBe "asked" }
            broker.admin.post("/v1/admin/approvers/${approver.id}/revoke").shouldBeOk()
            streams.drop(1).forEach { it.ends() shouldBe true }
        }

        test("a session that time has ended is told nothing more") {
            ClockedBroker().use { clocked ->
                val browser = clocked.browser(clocked.approver())
                inbox(clocked.nobody, "", "Cookie" to browser.cookie!!).use { stream ->
                    stream.next().name shouldBe "ready"
                    clocked.clock.move(Duration.ofHours(12))
                    clocked.requester().asked()
                    stream.ends() shouldBe true
                }
            }
        }

        test("no test request is told: it reaches no person") {
            inbox().use { stream ->
                stream.next()
                broker.testing().asked()
                val live = requester.asked()
                stream.next().text("approval_id") shouldBe live
            }
        }
    })
