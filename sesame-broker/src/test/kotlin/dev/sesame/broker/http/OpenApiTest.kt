package dev.sesame.broker.http

import dev.sesame.rules.Fields
import dev.sesame.rules.ProblemCode
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.nio.file.Path
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readText

/** The published contract says what there is: no more, no less. */
class OpenApiTest :
    FunSpec({
        val broker = autoClose(WiredBroker())

        test("it is OpenAPI 3.1, and the broker hands out this very document, to anybody") {
            Contract.document["openapi"] shouldBe JsonPrimitive("3.1.0")
            broker.nobody.call("GET /openapi.json").json shouldBe Contract.document
        }

        test("each reference leads somewhere, and each component is referred to") {
            val references = everything(Contract.document).mapNotNull { it["\$ref"]?.jsonPrimitive?.content }.toSet()
            references.filter { Contract.check.at(it) == null }.shouldBeEmpty()
            val components = (Contract.document.child("components") - "securitySchemes")
                .flatMap { (kind, named) -> named.jsonObject.keys.map { "#/components/$kind/$it" } }
            components.filter { it !in references }.shouldBeEmpty()
        }

        test("its calls are the routes of the broker") {
            Contract.operations.keys shouldContainExactlyInAnyOrder broker.routes.filterNot(::isPage)
        }

        test("its request fields and parameters are those that the broker reads") {
            val fields = Contract.operations.values.mapNotNull { it.requestSchema }.flatMap(::kinds).flatMap(::fields)
            val parameters = Contract.operations.values.flatMap { it.parameters }.filter { it["in"] != JsonPrimitive("path") }
            (fields + parameters.map { it.getValue("name").jsonPrimitive.content }).distinct() shouldContainExactlyInAnyOrder
                namesRead().distinct()
        }

        test("each call takes its own parameters, and none of another's") {
            fun parameters(operation: Operation) =
                operation.parameters.filter { it["in"] == JsonPrimitive("query") }.map { it.getValue("name").jsonPrimitive.content }
            val all = Contract.operations.values.flatMap(::parameters).distinct()
            val requester = broker.requester().http
            val calls = Contract.operations.filterKeys { "/v1/" in it }
                .mapValues { (_, operation) -> if ("apiKey" in operation.callers) requester else broker.admin }
            calls.forEach { (name, caller) ->
                val answer = caller.call(name, query = all.joinToString("&", prefix = "?") { "$it=?" })
                val foreign = answer.list("errors").filter { "parameter" in it.getValue("message").jsonPrimitive.content }
                foreign.map { it.getValue("field").jsonPrimitive.content } shouldContainExactlyInAnyOrder
                    all - parameters(Contract.operation(name)).toSet()
            }
        }

        test("its codes are those of the broker, each with its own status") {
            val known = ProblemCode.entries.associate { it.name.lowercase() to it.status }
            Contract.schema("ProblemCode")["enum"].words() shouldContainExactlyInAnyOrder known.keys
            val answered = Contract.operations.values.flatMap { it.codes.entries }.flatMap { (status, codes) -> codes.map { it to status } }
            answered.filter { (code, status) -> known[code] != status }.shouldBeEmpty()
            (known.keys - answered.map { it.first }.toSet()) shouldBe setOf("method_not_allowed") // answers what is no call
        }

        test("each refusal tells its codes, and each answer under /v1 its headers") {
            val lacking = Contract.operations.flatMap { (name, operation) ->
                operation.responses.filterNot { (status, response) -> response.child("headers").keys == headers(name, status) }
                    .map { (status, _) -> "$name $status" } +
                    operation.responses.keys.filter { it >= 400 && it !in operation.codes && "/v1/" in name }.map { "$name $it: no codes" }
            }
            lacking.shouldBeEmpty()
        }

        test("a body never takes a field that isn't named") {
            Contract.operations.values.mapNotNull { it.requestSchema }.flatMap(::kinds)
                .filter { it["additionalProperties"] != JsonPrimitive(false) }.shouldBeEmpty()
        }

        test("who may call it, and nobody else") {
            val callers = mapOf("apiKey" to broker.requester().http, "approverToken" to broker.admin)
            Contract.operations.filterValues { it.callers.isNotEmpty() }.forEach { (name, operation) ->
                broker.nobody.call(name) shouldBeRefusedWith (401 to "unauthorized")
                callers.filterKeys { it !in operation.callers }.values.forEach { it.call(name) shouldBeRefusedWith (403 to "forbidden") }
                callers.filterKeys { it in operation.callers && name !in STREAMS }.values.forEach { it.call(name).status shouldNotBe 403 }
            }
        }
    })

private val STREAMS = setOf("GET /v1/decisions", "GET /v1/inbox/stream")

/** For browsers alone; what `approval_url` names is in the contract. */
private fun isPage(route: String): Boolean = when (route) {
    "GET /" -> true
    "GET /approvals/{id}" -> false
    else -> pages.any { route.substringAfter(' ').startsWith(it) }
}

private val pages = listOf("/inbox", "/admin", "/sessions", "/passkeys", "/devices", "/telegram", "/sign-", "/approvals/") +
    listOf("/assets/", "/push-worker.js", "/manifest.webmanifest", "/icon-")

private fun headers(call: String, status: Int): Set<String> = setOfNotNull(
    "Request-Id",
    "Sesame-Features".takeIf { "/v1/" in call },
    "Cache-Control".takeIf { "/v1/" in call || (call == "GET /approvals/{id}" && status < 500) },
    "WWW-Authenticate".takeIf { status == 401 },
    "Retry-After".takeIf { status == 429 || status == 503 },
)

/** The objects that a body may be. */
internal fun kinds(schema: JsonObject): List<JsonObject> {
    val whole = Contract.check.resolve(schema)
    return (whole["oneOf"] as? JsonArray)?.map { Contract.check.resolve(it.jsonObject) } ?: listOf(whole)
}

private fun everything(json: JsonElement): List<JsonObject> = when (json) {
    is JsonObject -> listOf(json) + json.values.flatMap(::everything)
    is JsonArray -> json.flatMap(::everything)
    else -> emptyList()
}

/** The names in an object, and those in the objects that stand in it. */
private fun fields(schema: JsonObject): List<String> = (schema["properties"] as? JsonObject).orEmpty()
    .flatMap { (name, field) -> listOf(name) + fields(field.jsonObject) }

private val reading = Regex("""\b(?:text|texts|url|whole|fraction|flag|time|jsonObject|within|oneOf)\("(\w+)"|headers\["([\w-]+)"]""")

/** Where bodies, parameters and headers are read. */
private val sources =
    listOf("http", "access", "delivery").map { "src/main/kotlin/dev/sesame/broker/$it" } +
        "../sesame-rules/src/main/kotlin/dev/sesame/rules"

/** Fields, parameters and headers of its own that the broker's sources take by name. */
private fun namesRead(): List<String> = sources.flatMap { Path.of(it).listDirectoryEntries("*.kt") }
    .flatMap { file -> reading.findAll(file.readText()).map { found -> found.groupValues.drop(1).first { it.isNotEmpty() } } }
