package dev.sesame.internal

import dev.sesame.InvalidRequestException
import kotlinx.serialization.SerializationException
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject

/** Every field is shown to the human, those with default values too; a field that the class doesn't have is an error, not lost. */
internal val contextJson = Json { encodeDefaults = true }

@PublishedApi
internal fun <C> contextFrom(serializer: SerializationStrategy<C>, value: C): JsonObject = try {
    contextJson.encodeToJsonElement(serializer, value) as? JsonObject
} catch (problem: SerializationException) {
    throw InvalidRequestException("the context can't be written as JSON: ${serializer.descriptor.serialName}", cause = problem)
} ?: throw InvalidRequestException("a context must be a JSON object: ${serializer.descriptor.serialName} is none")
