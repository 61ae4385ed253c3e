package dev.sesame.broker.access.passkey

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer

/** As much of CBOR (RFC 8949) as an authenticator writes. */
internal fun cbor(value: Any): ByteArray = when (value) {
    is Int -> if (value >= 0) head(0, value) else head(1, -1 - value)
    is ByteArray -> head(2, value.size) + value
    is String -> value.toByteArray().let { head(3, it.size) + it }
    is Map<*, *> -> value.entries.fold(head(5, value.size)) { sofar, (name, inner) -> sofar + cbor(name!!) + cbor(inner!!) }
    else -> error("not written here: $value")
}

private fun head(kind: Int, length: Int): ByteArray {
    val out = ByteArrayOutputStream()
    val first = kind shl 5
    when {
        length < 24 -> out.write(first or length)

        length < 256 -> {
            out.write(first or 24)
            out.write(length)
        }

        else -> {
            out.write(first or 25)
            out.write(ByteBuffer.allocate(2).putShort(length.toShort()).array())
        }
    }
    return out.toByteArray()
}
