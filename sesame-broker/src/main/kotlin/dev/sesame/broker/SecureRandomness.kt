package dev.sesame.broker

import java.security.SecureRandom

/** So many bytes that nobody can guess, for every call. */
internal fun secureRandom(): (Int) -> ByteArray {
    val source = SecureRandom()
    return { size -> ByteArray(size).also(source::nextBytes) }
}
