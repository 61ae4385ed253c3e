package dev.sesame.hostile

import kotlin.random.Random

/** [bytes] with one to four of them, or runs of them, changed: flipped, cut off, repeated, put in, or in another place. */
public fun Random.spoiled(bytes: ByteArray): ByteArray = (1..nextInt(1, 5)).fold(bytes) { last, _ -> spoiledOnce(last) }

/** The same for text; what is put in is also what readers of text stumble over. */
public fun Random.spoiled(text: String): String = (1..nextInt(1, 5)).fold(text) { last, _ -> spoiledOnce(last) }

/** A text of any kind and length. */
public fun Random.anyText(): String = when (nextInt(3)) {
    0 -> Oddities.texts.random(this)
    1 -> String(CharArray(nextInt(MOST_CHARACTERS)) { Char(nextInt(FIRST_PRINTABLE, LAST_PRINTABLE)) })
    else -> String(CharArray(nextInt(MOST_CHARACTERS)) { Char(nextInt(Char.MAX_VALUE.code)) })
}

/** Bytes of any kind. */
public fun Random.anyBytes(): ByteArray = nextBytes(nextInt(MOST_CHARACTERS))

private fun Random.spoiledOnce(bytes: ByteArray): ByteArray {
    if (bytes.isEmpty()) return anyBytes()
    val (from, to) = span(bytes.size)
    val head = bytes.copyOfRange(0, from)
    val part = bytes.copyOfRange(from, to)
    val rest = bytes.copyOfRange(to, bytes.size)
    return when (nextInt(9)) {
        0 -> bytes.copyOf().also { it[from] = (it[from].toInt() xor (1 shl nextInt(8))).toByte() }
        1 -> head + rest
        2 -> head
        3 -> head + nextBytes(nextInt(1, 9)) + part + rest
        4 -> head + part + part + rest
        5 -> head + part.repeated(nextInt(MOST_REPEATS)) + rest
        6 -> part + head + rest
        7 -> head + ByteArray(part.size) { if (nextBoolean()) 0 else -1 } + rest
        else -> head + Oddities.texts.random(this).toByteArray() + rest
    }
}

private fun Random.spoiledOnce(text: String): String {
    if (text.isEmpty()) return anyText()
    val (from, to) = span(text.length)
    val head = text.substring(0, from)
    val part = text.substring(from, to)
    val rest = text.substring(to)
    return when (nextInt(8)) {
        0 -> head + Char(text[from].code xor (1 shl nextInt(7))) + text.substring(from + 1)
        1 -> head + rest
        2 -> head
        3 -> head + Char(nextInt(Char.MAX_VALUE.code)) + part + rest
        4 -> head + part + part + rest
        5 -> head + part.repeat(nextInt(MOST_REPEATS)) + rest
        6 -> part + head + rest
        else -> head + Oddities.texts.random(this) + rest
    }
}

/** Mostly a short part, of one at least; sometimes a long one. */
private fun Random.span(size: Int): Pair<Int, Int> {
    val from = nextInt(size)
    return from to minOf(size, from + 1 + if (nextInt(4) == 0) nextInt(size) else nextInt(SHORT))
}

private fun ByteArray.repeated(times: Int): ByteArray = ByteArray(size * times) { this[it % size] }

private const val MOST_CHARACTERS = 60
private const val FIRST_PRINTABLE = 32
private const val LAST_PRINTABLE = 127
private const val MOST_REPEATS = 60
private const val SHORT = 8
