package dev.sesame.hostile

/**
 * A document of JSON as a tree that can be spoiled in any place: names and values are the very texts that stand there, so that it can hold what
 * no library of JSON would.
 */
internal class JsonTree private constructor(private var text: String?, private var isObject: Boolean) {
    /** What stands in it, by names in an object, without in a list. */
    val members: MutableList<Pair<String?, JsonTree>> = mutableListOf()

    /** It and all below it. */
    fun places(): List<JsonTree> = listOf(this) + members.flatMap { it.second.places() }

    /** [other] stands in its place. */
    fun becomes(other: JsonTree) {
        val taken = other.members.toList()
        text = other.text
        isObject = other.isObject
        members.clear()
        members += taken
    }

    override fun toString(): String = text ?: members.joinToString(
        ",",
        prefix = if (isObject) "{" else "[",
        postfix = if (isObject) "}" else "]",
    ) { (name, value) -> if (isObject) "${name ?: "\"\""}:$value" else "$value" }

    companion object {
        /** A value that is written [text], whatever that is. */
        fun of(text: String): JsonTree = JsonTree(text, isObject = false)

        fun list(values: List<Pair<String?, JsonTree>>): JsonTree = JsonTree(null, isObject = false).also { it.members += values }

        fun fields(members: List<Pair<String?, JsonTree>>): JsonTree = JsonTree(null, isObject = true).also { it.members += members }

        /** The tree of a valid document. */
        fun parse(document: String): JsonTree = Reader(document).run { value().also { check(isAtEnd()) { "more than one value" } } }
    }

    private class Reader(private val document: String) {
        private var at = 0

        fun isAtEnd(): Boolean = skipSpace().let { at == document.length }

        fun value(): JsonTree {
            skipSpace()
            return when (document[at]) {
                '{' -> fields(members('}') { scalar().also { skip(':') } })
                '[' -> list(members(']') { null })
                else -> of(scalar())
            }
        }

        private fun members(end: Char, name: () -> String?): List<Pair<String?, JsonTree>> = buildList {
            at++
            while (!skip(end)) {
                add(name() to value())
                skip(',')
            }
        }

        private fun scalar(): String {
            skipSpace()
            val from = at
            if (document[at] == '"') {
                at++
                while (document[at] != '"') at += if (document[at] == '\\') 2 else 1
                at++
            } else {
                while (at < document.length && document[at] !in ",:]} \n\r\t") at++
            }
            return document.substring(from, at)
        }

        private fun skip(char: Char): Boolean {
            skipSpace()
            return (document[at] == char).also { if (it) at++ }
        }

        private fun skipSpace() {
            while (at < document.length && document[at].isWhitespace()) at++
        }
    }
}
