package dev.sesame.broker.http

import dev.sesame.broker.text.NotJson
import dev.sesame.broker.text.StrictJson
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import io.ktor.http.BadContentTypeFormatException
import io.ktor.http.ContentType
import io.ktor.server.application.ApplicationCall
import io.ktor.server.request.contentLength
import io.ktor.server.request.contentType
import io.ktor.server.request.receiveChannel
import io.ktor.utils.io.readRemaining
import kotlinx.io.readByteArray
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonObject

/** The body as a JSON object, never read beyond its limits. An empty body is an empty object. A call that has one takes no parameters. */
internal suspend fun ApplicationCall.jsonBody(): JsonObject {
    Query(this).done()
    if ((request.contentLength() ?: 0) > LARGEST_BODY_BYTES) throw tooLarge()
    val bytes = receiveChannel().readRemaining(LARGEST_BODY_BYTES + 1L).readByteArray()
    if (bytes.size > LARGEST_BODY_BYTES) throw tooLarge()
    if (bytes.isEmpty()) return JsonObject(emptyMap())
    if (!hasJson()) {
        throw Problem(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "send the body as application/json")
    }
    return try {
        StrictJson.parse(bytes) as? JsonObject ?: throw malformed("it is not an object")
    } catch (problem: NotJson) {
        throw malformed(problem.message.orEmpty().take(LONGEST_REASON))
    } catch (_: CharacterCodingException) {
        throw malformed("it is not UTF-8")
    } catch (_: SerializationException) {
        throw malformed("it is no JSON")
    }
}

private fun ApplicationCall.hasJson(): Boolean = try {
    request.contentType().match(ContentType.Application.Json)
} catch (_: BadContentTypeFormatException) {
    false
}

private fun malformed(why: String) = Problem(ProblemCode.MALFORMED_JSON, "the body can't be read as a JSON object: $why")

private fun tooLarge() = Problem(ProblemCode.TOO_LARGE, "a body may have at most $LARGEST_BODY_BYTES bytes")

private const val LARGEST_BODY_BYTES = 256 * 1024

private const val LONGEST_REASON = 200
