package dev.sesame.broker.text

import com.fasterxml.jackson.core.JsonFactory
import com.fasterxml.jackson.core.JsonProcessingException
import com.fasterxml.jackson.core.StreamReadConstraints
import com.fasterxml.jackson.core.StreamReadFeature
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import java.io.IOException

/**
 * JSON by the letter of RFC 8259, with each name once and nested at most [DEEPEST] levels.
 *
 * kotlinx.serialization, which reads it then, takes unquoted words and the last of two equal names: two readers of one request could
 * understand it differently.
 */
internal object StrictJson {
    /** A little deeper than the context may be, so that the message can name the field. */
    const val DEEPEST = 64

    private val factory = JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
        .build()

    /** It may be a value that somebody forgot to quote, and is told to nobody. */
    private val word = Regex("^Unrecognized token '[^']*'")

    /** What [bytes] say; [NotJson] where they say nothing. */
    fun parse(bytes: ByteArray): JsonElement {
        try {
            factory.createParser(bytes).use { parser -> while (parser.nextToken() != null) parser.finishToken() }
        } catch (problem: JsonProcessingException) {
            throw NotJson(problem.originalMessage.lineSequence().first().replace(word, "A word"), problem)
        } catch (problem: IOException) {
            throw NotJson("it is not UTF-8", problem)
        }
        return Json.parseToJsonElement(bytes.decodeToString(throwOnInvalidSequence = true))
    }
}

/** The bytes are no JSON that everybody reads alike. */
internal class NotJson(message: String, cause: Throwable) : RuntimeException(message, cause)
