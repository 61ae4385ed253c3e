package dev.sesame.broker.http

import io.ktor.http.ContentType
import io.ktor.server.application.ApplicationCall
import io.ktor.server.request.contentLength
import io.ktor.server.request.contentType
import io.ktor.server.request.receiveChannel
import io.ktor.utils.io.readRemaining
import kotlinx.io.readByteArray
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException

/** The body as a JSON object, never read beyond its limits. An empty body is an empty object. */
internal suspend fun ApplicationCall.jsonBody(): JsonObject {
    if ((request.contentLength() ?: 0) > LARGEST_BODY_BYTES) throw tooLarge()
    val bytes = receiveChannel().readRemaining(LARGEST_BODY_BYTES + 1L).readByteArray()
    if (bytes.size > LARGEST_BODY_BYTES) throw tooLarge()
    if (bytes.isEmpty()) return JsonObject(emptyMap())
    if (!request.contentType().match(ContentType.Application.Json)) {
        throw Problem(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "send the body as application/json")
    }
    val text = decode(bytes)
    if (nesting(text) > DEEPEST) throw malformed("it is nested deeper than $DEEPEST levels")
    return try {
        Json.parseToJsonElement(text) as? JsonObject ?: throw malformed("it is not an object")
    } catch (problem: SerializationException) {
        throw malformed(problem.message.orEmpty().lineSequence().first().take(LONGEST_REASON))
    }
}

private fun decode(bytes: ByteArray): String = try {
    Charsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()
} catch (_: CharacterCodingException) {
    throw malformed("it is not UTF-8")
}

/** How deep the braces and brackets outside of strings go; looked at before parsing, which would need a stack as deep. */
internal fun nesting(text: String): Int {
    var depth = 0
    var deepest = 0
    var inString = false
    var index = 0
    while (index < text.length) {
        val char = text[index++]
        when {
            inString && char == '\\' -> index++
            char == '"' -> inString = !inString
            inString -> Unit
            char == '{' || char == '[' -> deepest = maxOf(deepest, ++depth)
            char == '}' || char == ']' -> depth--
        }
    }
    return deepest
}

private fun malformed(why: String) = Problem(ProblemCode.MALFORMED_JSON, "the body can't be read as a JSON object: $why")

private fun tooLarge() = Problem(ProblemCode.TOO_LARGE, "a body may have at most $LARGEST_BODY_BYTES bytes")

private const val LARGEST_BODY_BYTES = 256 * 1024

/** The context may have 32; a little more, so that the message can name the field. */
private const val DEEPEST = 64
private const val LONGEST_REASON = 200
