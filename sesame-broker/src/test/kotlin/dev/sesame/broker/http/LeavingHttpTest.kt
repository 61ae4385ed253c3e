package dev.sesame.broker.http

import dev.sesame.broker.TestBroker
import io.kotest.assertions.nondeterministic.eventually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlin.time.Duration.Companion.seconds

class LeavingHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())

        suspend fun held(count: Int) = eventually(10.seconds) {
            broker.nobody.get("/metrics").text shouldContain
                "sesame_polls_held $count.0"
        }

        test("a client that leaves frees its place, and the others go on waiting") {
            val requester = broker.requester()
            val id = requester.asked()
            val polls = List(8) { requester.http.getLater("/v1/approvals/$id?wait=true&timeout_seconds=50") }
            held(8)
            polls.take(5).forEach { it.cancel(true) }
            held(3)
            requester.http.post("/v1/approvals/$id/cancel").status shouldBe 200
            polls.drop(5).forEach { it.get().text("status") shouldBe "cancelled" }
            held(0)
        }

        listOf("/v1/decisions" to "sesame_feeds", "/v1/inbox/stream" to "sesame_inbox_streams").forEach { (path, gauge) ->
            test("callers of $path who hang up at once leave nothing behind, and so nobody is refused for want of a place") {
                val caller = if (path == "/v1/decisions") broker.requester().http else broker.approver().http
                repeat(150) {
                    RawCall(broker.url).use { it.send(rawRequest("GET $path HTTP/1.1", "Authorization: Bearer ${caller.bearer}")) }
                }
                eventually(10.seconds) { broker.nobody.get("/metrics").text shouldContain "$gauge 0.0" }
            }
        }

        test("so do those who wait for a decision") {
            val requester = broker.requester()
            val path = "/v1/approvals/${requester.asked()}?wait=true&timeout_seconds=50"
            repeat(150) {
                RawCall(broker.url).use { it.send(rawRequest("GET $path HTTP/1.1", "Authorization: Bearer ${requester.http.bearer}")) }
            }
            held(0)
        }
    })
