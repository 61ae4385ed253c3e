package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.TestBroker
import dev.sesame.broker.store.ids
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldBeUnique
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import java.net.http.HttpRequest.BodyPublishers

class HeadersHttpTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester()
        val http = requester.http

        fun method(name: String, path: String): Answer = http.send(http.request(path).method(name, BodyPublishers.noBody()))

        test("every /v1 answer, errors included, carries the contract's headers and an id of its own") {
            val id = requester.asked()
            val answers = mapOf(
                "opened" to requester.ask(),
                "read" to http.get("/v1/approvals/$id"),
                "waited" to http.get("/v1/approvals/$id?wait=true&timeout_seconds=0"),
                "listed" to http.get("/v1/approvals"),
                "400" to http.postText("/v1/approvals", "nonsense"),
                "401" to broker.nobody.get("/v1/approvals"),
                "403" to http.get("/v1/inbox"),
                "404" to http.get("/v1/approvals/${ids.approval()}"),
                "404 address" to http.get("/v1/nowhere"),
                "405" to method("DELETE", "/v1/approvals"),
                "409" to http.post("/v1/approvals/$id/claim", "claimant" to claimant(), "context_hash" to "x"),
                "413" to http.postText("/v1/approvals", "x".repeat(300_000)),
                "415" to http.postBody("/v1/approvals", BodyPublishers.ofString("x"), "text/plain"),
                "422" to http.post("/v1/approvals"),
                "cancelled" to http.post("/v1/approvals/$id/cancel"),
                "admin" to broker.admin.get("/v1/admin/keys"),
                "inbox" to broker.admin.get("/v1/inbox"),
            )
            answers.forEach { (name, answer) ->
                withClue(name) {
                    if (name[0].isDigit()) answer.status shouldBe name.take(3).toInt()
                    answer.header("Sesame-Features")!!.split(", ") shouldContain "claim"
                    answer.header("Cache-Control") shouldBe "no-store"
                    answer.header("Request-Id") shouldMatch "req_[a-z2-7]{26}"
                    answer.headers.allValues("Request-Id").size shouldBe 1
                }
            }
            answers.values.map { it.header("Request-Id") }.shouldBeUnique()
        }

        test("what isn't HTTP is answered as a problem with the same headers, and hung up on") {
            listOf(
                rawRequest("GET /v1/approvals HTTP/1.1", "Authorization: Bearer ${"x".repeat(20_000)}"),
                rawRequest("GET /v1/approvals?cursor=${"x".repeat(20_000)} HTTP/1.1"),
            ).forEach { request ->
                RawCall(broker.url).use { connection ->
                    connection.send(request)
                    val head = connection.head()
                    head.first() shouldBe "HTTP/1.1 400 Bad Request"
                    val headers = head.drop(1).associate { it.substringBefore(": ").lowercase() to it.substringAfter(": ") }
                    headers["content-type"] shouldBe http.get("/v1/nowhere").header("Content-Type")
                    headers["sesame-features"]!!.split(", ") shouldContain "claim"
                    headers["cache-control"] shouldBe "no-store"
                    headers["request-id"] shouldMatch "req_[a-z2-7]{26}"
                    val body = Json.parseToJsonElement(connection.rest())
                    Contract.check.faults(Contract.schema("Problem"), body).shouldBeEmpty()
                    val told = body.jsonObject.mapValues { (_, value) -> (value as? JsonPrimitive)?.content }
                    listOf("status", "code", "request_id").map(told::get) shouldBe listOf("400", "invalid", headers["request-id"])
                }
            }
        }

        test("an address that isn't one is a 404 problem, with a credential and without") {
            listOf("/v1/nowhere", "/v1/approvals/${ids.approval()}/nowhere", "/nowhere", "/v1", "/v1/", "/v1/admin").forEach { path ->
                listOf(http, broker.nobody).forEach { caller ->
                    val answer = caller.get(path)
                    withClue(path) { answer shouldBeRefusedWith (404 to "not_found") }
                    answer.header("Content-Type") shouldMatch "application/problem\\+json.*"
                }
            }
        }

        test("a method that an address doesn't take is a 405 problem, which says what it takes") {
            mapOf(
                "/v1/approvals" to "GET, POST",
                "/v1/approvals/${ids.approval()}" to "GET",
                "/v1/approvals/${ids.approval()}/claim" to "POST",
                "/v1/admin/keys/${ids.key()}/revoke" to "POST",
                "/assets/any.css" to "GET",
                "/healthz" to "GET, HEAD",
            ).forEach { (path, allowed) ->
                listOf("PUT", "DELETE", "PATCH").forEach {
                    val answer = method(it, path)
                    withClue("$it $path") {
                        answer shouldBeRefusedWith (405 to "method_not_allowed")
                        answer.header("Content-Type") shouldMatch "application/problem\\+json.*"
                        answer.header("Allow")!!.split(", ").sorted() shouldBe allowed.split(", ")
                    }
                }
            }
        }

        test("health and readiness need no credential, by GET or by HEAD, which has no body") {
            listOf("/healthz", "/readyz").forEach {
                val got = broker.nobody.get(it).shouldBeOk()
                val head = broker.nobody.call("HEAD $it").shouldBeOk()
                head.text shouldBe ""
                head.header("Content-Type") shouldBe got.header("Content-Type")
            }
        }

        test("what comes after a HEAD on its connection is answered as ever") {
            RawCall(broker.url).use { connection ->
                listOf("HEAD", "GET").forEach { connection.send("$it /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") }
                repeat(2) { connection.head().first() shouldBe "HTTP/1.1 200 OK" }
                connection.text(3) shouldBe "ok\n"
            }
        }
    })
