package dev.sesame.bench

/** `--name value` pairs; an unknown name, or a value that is no number, is an [IllegalArgumentException] that says so. */
internal class Flags(args: List<String>, vararg known: String) {
    private val values: Map<String, String> = args.chunked(2).associate { pair ->
        require(pair[0] in known) { "${pair[0]} is not an option here; there are: ${known.joinToString()}" }
        pair[0] to requireNotNull(pair.getOrNull(1)) { "${pair[0]} needs a value" }
    }

    fun whole(name: String, usual: Long): Long = values[name]?.let { number(name, it) } ?: usual

    fun count(name: String, usual: Int): Int = values[name]?.let { positive(name, it) } ?: usual

    fun counts(name: String, usual: List<Int>): List<Int> = values[name]?.split(',')?.map { positive(name, it) } ?: usual

    fun names(name: String, usual: List<String>): List<String> = values[name]?.split(',')?.map { it.trim() } ?: usual

    private fun positive(name: String, text: String): Int {
        val value = number(name, text)
        require(value in 1..LARGEST) { "$name takes 1 to $LARGEST, not $text" }
        return value.toInt()
    }

    private fun number(name: String, text: String): Long =
        requireNotNull(text.trim().toLongOrNull()) { "$name takes a whole number, not $text" }

    private companion object {
        const val LARGEST = 10_000_000L
    }
}
