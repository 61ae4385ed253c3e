package dev.sesame.internal

import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json

/** Reads what a broker says: what is unknown in it is passed over, for brokers are newer than clients. */
internal object BrokerJson {
    private val json = Json {
        ignoreUnknownKeys = true
        coerceInputValues = true
    }

    /** What [text] says; [SerializationException] where it says no such thing, or is nested deeper than anything of the contract. */
    fun <T> read(answer: DeserializationStrategy<T>, text: String): T {
        if (!JsonDepth.isBearable(text)) throw SerializationException("nested too deep")
        return try {
            json.decodeFromString(answer, text)
        } catch (problem: IllegalArgumentException) { // a map that ends after a name is told so, and not as the library's own exception
            throw problem as? SerializationException ?: SerializationException("cut off", problem)
        }
    }
}
