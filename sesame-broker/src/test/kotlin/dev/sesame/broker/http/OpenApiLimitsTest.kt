package dev.sesame.broker.http

import dev.sesame.broker.TestBroker
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.time.Duration
import java.time.Instant

/** The limits and defaults of the contract are those that the broker keeps: just within passes, just beyond is refused by name. */
class OpenApiLimitsTest :
    FunSpec({
        val broker = autoClose(TestBroker())
        val requester = broker.requester().http
        val bodies = bodies(requester, broker.admin)
        // The names at the bounds, for calls that take only those of requesters.
        listOf(1, 100).forEach { broker.admin.post("/v1/admin/requesters", "name" to "a".repeat(it)).status shouldBe 201 }
        // The same of approvers, and as many as may be asked for.
        listOf("a", "a".repeat(100), "é").forEach { broker.admin.post("/v1/admin/approvers", "name" to it).status shouldBe 201 }
        repeat(7) { broker.approver() }

        test("every body is looked at here") {
            bodies.map { it.operation }.distinct() shouldContainExactlyInAnyOrder
                Contract.operations.filterValues { it.requestSchema != null }.keys
            bodies.map { it.name }.distinct() shouldContainExactlyInAnyOrder
                Contract.schemas.keys.filter { it.endsWith("Body") && it != "OutcomeBody" } +
                listOf("OutcomeReport", "OutcomeSettlement", "NoFields")
        }

        bodies.forEach { body ->
            body.fields.forEach { (name, schema) ->
                test("${body.operation} ${body.name}: $name") {
                    fun refused(value: JsonElement): List<String> = body.send(JsonObject(body.least + (name to value))).refused

                    withClue("a missing one") {
                        body.send(JsonObject(body.least - name)).refused shouldBe listOf(name).filter { it in body.required }
                    }
                    withClue("null") { refused(JsonNull) shouldBe listOf(name).filter { "null" !in schema["type"].words() } }
                    withClue("of another type") { refused(JsonArray(emptyList())) shouldContainExactly listOf(name) }
                    within(schema).forEach { withClue("$it") { refused(it).shouldBeEmpty() } }
                    beyond(schema).forEach { withClue("$it") { refused(it) shouldContainExactly listOf(name) } }
                }
            }

            test("${body.operation} ${body.name}: a field that isn't named") {
                body.send(JsonObject(body.least + ("colour" to JsonPrimitive("red")))).refused shouldContainExactly listOf("colour")
            }
        }

        test("how large and how deep the context may be") {
            val context = Contract.schema("OpenBody").child("properties").child("context")
            val bytes = context.number("x-maxBytes")!!.toInt()
            val depth = context.number("x-maxDepth")!!.toInt()
            val open = bodies.first()
            listOf(0, 1).forEach { beyond ->
                val large = JsonObject(mapOf("a" to JsonPrimitive("x".repeat(bytes + beyond - """{"a":""}""".length))))
                val deep = generateSequence(JsonObject(emptyMap())) { JsonObject(mapOf("a" to it)) }.elementAt(depth + beyond - 1)
                listOf(large, deep).forEach {
                    open.send(JsonObject(open.least + ("context" to it))).refused shouldBe listOf("context").take(beyond)
                }
            }
        }

        test("what a test key may say about the answer") {
            val tester = broker.testing().http
            val schema = Contract.schema("OpenBody").child("properties").child("test")
            val open = bodies(tester, broker.admin).first()
            val least = JsonObject(mapOf("decide" to JsonPrimitive("approve")))
            fun refused(test: JsonElement) = open.send(JsonObject(open.least + ("test" to test))).refused
            schema.child("properties").forEach { (name, field) ->
                fun refusedWith(value: JsonElement) = refused(JsonObject(least + (name to value)))
                withClue(name) {
                    within(field.jsonObject).forEach { refusedWith(it).shouldBeEmpty() }
                    beyond(field.jsonObject).forEach { refusedWith(it) shouldContainExactly listOf("test.$name") }
                }
            }
            refused(JsonObject(emptyMap())) shouldContainExactly schema["required"].words().map { "test.$it" }
            refused(JsonObject(least + ("colour" to JsonPrimitive("red")))) shouldContainExactly listOf("test.colour")
            refused(JsonPrimitive(true)) shouldContainExactly listOf("test")
            refused(JsonNull).shouldBeEmpty()
        }

        test("when it may expire") {
            val now = Instant.now()
            val open = bodies.first()
            fun refused(after: Duration, more: String = ""): List<String> {
                val at = JsonPrimitive((now + after).toString())
                val others = listOf(more).filter { it.isNotEmpty() }.associateWith { JsonPrimitive(60) }
                return open.send(JsonObject(open.least + others + ("expires_at" to at))).refused
            }
            listOf(Duration.ofSeconds(9), Duration.ofDays(30).plusMinutes(5)).forEach { refused(it) shouldBe listOf("expires_at") }
            listOf(Duration.ofMinutes(5), Duration.ofDays(30).minusSeconds(5)).forEach { refused(it).shouldBeEmpty() }
            refused(Duration.ofMinutes(5), more = "expires_in") shouldBe listOf("expires_at")
        }

        test("what holds where nothing is said") {
            fun seconds(schema: String, field: String) =
                Contract.schema(schema).child("properties").child(field).number("default")!!.toLong()
            val opened = requester.open()
            val id = opened["approval_id"]
            between(opened.json, "created_at", "expires_at") shouldBe seconds("OpenBody", "expires_in")
            val decided = broker.admin.call("POST /v1/approvals/{id}/decision", """{"decision": "approve"}""", id)
            between(decided.json, "decided_at", "valid_until") shouldBe seconds("OpenBody", "valid_for")
            val claim = """{"claimant": "${"c".repeat(22)}", "context_hash": "${opened["context_hash"]}"}"""
            val claimed = requester.call("POST /v1/approvals/{id}/claim", claim, id)
            val leaseFrom = claimed.json.child("approval").child("execution") + claimed.json
            between(JsonObject(leaseFrom), "claimed_at", "lease_until") shouldBe seconds("ClaimBody", "lease_seconds")
        }

        test("how much a list holds") {
            fun list(query: String) = requester.call("GET /v1/approvals", query = query)
            val parameters = Contract.operation("GET /v1/approvals").parameters.associateBy { it.getValue("name").jsonPrimitive.content }
            val limit = parameters.getValue("limit").child("schema")
            repeat(limit.number("default")!!.toInt() + 1) { requester.open() }
            list("").ids.size shouldBe limit.number("default")!!.toInt()
            within(limit).forEach { list("?limit=$it").status shouldBe 200 }
            beyond(limit).filter { !it.jsonPrimitive.isString }.forEach { list("?limit=$it").refused shouldBe listOf("limit") }
            val ids = parameters.getValue("ids").child("schema").number("maxItems")!!.toInt()
            listOf(0, 1).forEach { list("?ids=" + List(ids + it) { "a" }.joinToString(",")).refused shouldBe listOf("ids").take(it) }
        }
    })

private fun between(json: JsonObject, from: String, to: String): Long = Duration.between(
    Instant.parse(json.getValue(from).jsonPrimitive.content),
    Instant.parse(json.getValue(to).jsonPrimitive.content),
).seconds
