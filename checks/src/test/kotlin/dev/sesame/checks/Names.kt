package dev.sesame.checks

/**
 * Names in a row of the import table, apart by spaces: `a.b` is all that stands in that package or below it, or that type; `a.b!` what
 * stands directly in it; `a.b+` only what stands in a package below it.
 */
internal class Names(private val text: String) {
    private val tokens = text.split(' ').filter { it.isNotEmpty() }

    operator fun contains(name: String): Boolean = tokens.any { token ->
        when (token.last()) {
            '!' -> token.dropLast(1).let { name.isIn(it) && !name.isBelow(it) }
            '+' -> name.isBelow(token.dropLast(1))
            else -> name == token || name.isIn(token)
        }
    }

    override fun toString(): String = text

    private fun String.isIn(parent: String) = startsWith("$parent.")

    /** Packages are in lower case, so what has another dot after a word in lower case is further down. */
    private fun String.isBelow(parent: String) = isIn(parent) && Regex("""[a-z]\w*\..*""").matches(substring(parent.length + 1))
}

private val importLine = Regex("""^import (?:static )?([\w.*]+)""")
private val qualifiedName = Regex("""(?<![\w.])(?:com|dev|io|java|javax|kotlin|kotlinx|org)\.(?:\w+\.)+\w+""")

/** What [file] names from other packages, with the line: by import, or in full within the code. */
internal fun foreignNames(file: SourceFile): List<Pair<Int, String>> = file.code.flatMapIndexed { index, line ->
    val imported = importLine.find(line)
    val names = when {
        imported != null -> listOf(imported.groupValues[1])
        line.startsWith("package ") -> emptyList()
        else -> qualifiedName.findAll(line).map { it.value }.toList()
    }
    names.map { index + 1 to it }
}
