package dev.sesame.broker.http

import dev.sesame.broker.Answer
import dev.sesame.broker.Http
import io.kotest.assertions.withClue
import io.kotest.matchers.collections.shouldBeEmpty
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import java.net.http.HttpRequest.BodyPublishers

/** `/openapi.json`, as its readers see it. */
internal object Contract {
    val document: JsonObject = Json.parseToJsonElement(checkNotNull(javaClass.getResource("/openapi.json")).readText()).jsonObject
    val check = SchemaCheck(document)
    val schemas: JsonObject = document.child("components").child("schemas")

    /** By method and path, such as `GET /v1/approvals`. */
    val operations: Map<String, Operation> = document.child("paths").flatMap { (path, methods) ->
        methods.jsonObject.map { (method, operation) -> "${method.uppercase()} $path" to Operation(operation.jsonObject) }
    }.toMap()

    fun operation(name: String): Operation = operations[name] ?: error("the contract has no $name")

    fun schema(name: String): JsonObject = check.resolve(schemas.child(name))
}

/** One call of the contract. */
internal class Operation(private val json: JsonObject) {
    val responses: Map<Int, JsonObject> = json.child("responses").entries.associate { (status, it) -> status.toInt() to resolved(it) }

    val parameters: List<JsonObject> = json["parameters"]?.jsonArray.orEmpty().map(::resolved)

    /** `null` where the call takes no body. */
    val requestSchema: JsonObject? = (json["requestBody"] as? JsonObject)?.child("content")?.child("application/json")?.child("schema")

    /** Who may call: names of security schemes. */
    val callers: List<String> = json["security"]!!.jsonArray.flatMap { it.jsonObject.keys }

    /** The codes of problems that the call may answer, by status. */
    val codes: Map<Int, List<String>> = responses.mapValues { (_, response) ->
        val schema = Contract.check.resolve(response.child("content").child("application/problem+json").child("schema"))
        Contract.check.resolve(schema.child("properties").child("code"))["enum"].words()
    }.filterValues { it.isNotEmpty() }

    /** What [answer] has that the contract doesn't say, and the other way round. */
    fun faults(answer: Answer): List<String> {
        val response = responses[answer.status] ?: return listOf("status ${answer.status} is not in the contract: ${answer.text}")
        return contentFaults(response, answer) + headerFaults(response, answer)
    }

    private fun contentFaults(response: JsonObject, answer: Answer): List<String> {
        val content = response.child("content")
        if (answer.mediaType !in content) return listOf("${answer.mediaType} is none of ${content.keys}")
        val value = if (answer.mediaType.endsWith("json")) answer.json else JsonPrimitive(answer.text)
        return Contract.check.faults(content.child(answer.mediaType).child("schema"), value)
    }

    private fun headerFaults(response: JsonObject, answer: Answer): List<String> = response.child("headers").flatMap { (name, header) ->
        val schema = resolved(header).child("schema")
        val value = answer.header(name) ?: return@flatMap listOf("header $name is missing")
        val number = value.toLongOrNull().takeIf { "integer" in schema["type"].words() }
        Contract.check.faults(schema, number?.let(::JsonPrimitive) ?: JsonPrimitive(value), name)
    }

    private companion object {
        fun resolved(json: JsonElement): JsonObject = Contract.check.resolve(json.jsonObject)
    }
}

/**
 * Calls [operation], such as `GET /v1/approvals/{id}`; fails where the answer, or a body that was accepted, isn't as the contract says.
 *
 * [id] stands for `{id}`: that of an approval that is nobody's where nothing is said.
 */
internal fun Http.call(
    operation: String,
    body: String? = null,
    id: String = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa",
    query: String = "",
    contentType: String = "application/json",
    header: Pair<String, String>? = null,
): Answer {
    val (method, path) = operation.split(' ')
    val request = request(path.replace("{id}", id) + query).header("Content-Type", contentType)
    header?.let { (name, value) -> request.header(name, value) }
    val answer = send(request.method(method, body?.let(BodyPublishers::ofString) ?: BodyPublishers.noBody()))
    val contract = Contract.operation(operation)
    withClue("$operation: $answer") {
        contract.faults(answer).shouldBeEmpty()
        if (body != null && answer.status < 300) {
            Contract.check.faults(contract.requestSchema!!, Json.parseToJsonElement(body)).shouldBeEmpty()
        }
    }
    return answer
}

/** The text of a field that is there. */
internal operator fun Answer.get(name: String): String = checkNotNull(text(name)) { "no $name in $this" }

/** The fields that a 422 names; empty where it is none. */
internal val Answer.refused: List<String> get() = if (status == 422) wrongFields else emptyList()

private val Answer.mediaType: String get() = header("Content-Type").orEmpty().substringBefore(';').trim()
