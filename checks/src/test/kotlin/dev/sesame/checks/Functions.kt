package dev.sesame.checks

/** A Kotlin function from its first line to its last. */
internal data class KotlinFunction(val name: String, val firstLine: Int, val lineCount: Int)

private val declaration = Regex("""^(\s*)(?:[\w@.()]+ )*fun (?!interface )(?:<.*?> )?(?:[\w<>?, *.]+\.)?(\w+|\s+)?""")

/**
 * The functions of [file], by indentation: one lasts until the next line that is not further in than its first, closing brackets at
 * its own indentation included. The formatter sees to it that this is so.
 */
internal fun functionsOf(file: SourceFile): List<KotlinFunction> =
    if (file.isJava) emptyList() else file.code.indices.mapNotNull { functionAt(file, it) }

private fun functionAt(file: SourceFile, index: Int): KotlinFunction? {
    val match = declaration.find(file.code[index]) ?: return null
    val indent = match.groupValues[1].length
    var last = index
    for (i in index + 1 until file.code.size) {
        val line = file.code[i]
        val start = line.indexOfFirst { !it.isWhitespace() }
        if (start < 0) continue
        if (start < indent || (start == indent && line[start] !in ")]}")) break
        last = i
    }
    return KotlinFunction(match.groupValues[2].trim().ifEmpty { "fun" }, index + 1, last - index + 1)
}
