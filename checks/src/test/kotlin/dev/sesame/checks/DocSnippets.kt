package dev.sesame.checks

import java.nio.file.Path

private val fence = Regex("""^(\s*)```+\s*([\w-]*).*$""")
private val exemption = Regex("""^\s*<!-- not compiled: \S.* -->\s*$""")
private val link = Regex("""\]\(<?([^)\s>]+)|^\[[^\]]+]:\s*(\S+)|\b(?:src|href)="([^"]+)"""")
private val elsewhere = Regex("""^(?:[a-z][a-z0-9+.-]*:|#).*""")
private val call = Regex("""\./sesame[ \t]+([\w-]+)""")
private val asking = setOf("--help", "-h", "--version")

/** A fenced block of a document: its first line's number, and the lines as they stand there. */
internal class Snippet(val language: String, val firstLine: Int, val lines: List<String>, val isExempt: Boolean)

/** A document apart: its fenced blocks, and the lines between them, with their numbers. */
internal class Document(val file: SourceFile) {
    val snippets: List<Snippet>
    val prose: List<IndexedValue<String>>

    init {
        val found = mutableListOf<Snippet>()
        val between = mutableListOf<IndexedValue<String>>()
        var at = 0
        while (at < file.lines.size) {
            val language = fence.find(file.lines[at])?.groupValues?.get(2)
            if (language == null) {
                between += IndexedValue(at + 1, file.lines[at++])
            } else {
                val block = file.lines.drop(at + 1).takeWhile { !it.trimStart().startsWith("```") }
                found += Snippet(language, at + 2, block, exemption.matches(file.lines.getOrElse(at - 1) { "" }))
                at += block.size + 2
            }
        }
        snippets = found
        prose = between
    }
}

/** The blocks in Kotlin or Java of [document] that stand in none of [sources], line for line, however far indented. */
internal fun notCompiled(document: SourceFile, sources: List<SourceFile>): List<Finding> {
    val ends = mapOf("kotlin" to ".kt", "java" to ".java")
    return Document(document).snippets.filter { !it.isExempt && it.language in ends }
        .filterNot { block -> sources.any { it.name.endsWith(ends.getValue(block.language)) && block.lines.standIn(it.lines) } }
        .map { Finding(document.path, it.firstLine, "stands in no compiled source: ${it.lines.firstOrNull().orEmpty().trim()}") }
}

private fun List<String>.standIn(lines: List<String>): Boolean {
    val wanted = dropWhile { it.isBlank() }.dropLastWhile { it.isBlank() }.flushLeft()
    if (wanted.all { it.isBlank() }) return false
    val first = wanted.first().trim()
    return lines.indices.any { lines[it].trim() == first && lines.drop(it).take(wanted.size).flushLeft() == wanted }
}

private fun List<String>.flushLeft(): List<String> = joinToString("\n").trimIndent().lines().map { it.trimEnd() }

/** The calls of `./sesame` in console blocks of [document] that name none of [verbs]. */
internal fun unknownVerbs(document: SourceFile, verbs: Set<String>): List<Finding> =
    Document(document).snippets.filter { it.language in setOf("console", "sh", "bash", "shell") }.flatMap { block ->
        block.lines.flatMapIndexed { index, line ->
            call.findAll(line).map { it.groupValues[1] }.filter { it !in verbs && it !in asking }
                .map { Finding(document.path, block.firstLine + index, "./sesame $it is no verb of ${verbs.sorted()}") }
        }
    }

/** The relative links of [document] that lead nowhere; [holds] tells what is there, by its path from the root. */
internal fun deadLinks(document: SourceFile, holds: (String) -> Boolean): List<Finding> =
    Document(document).prose.flatMap { (number, line) ->
        link.findAll(line).map { found -> found.groupValues.drop(1).first { it.isNotEmpty() } }
            .filterNot { elsewhere.matches(it) || holds(resolve(document.path, it.substringBefore('#'))) }
            .map { Finding(document.path, number, "leads nowhere: $it") }
    }

private fun resolve(from: String, target: String): String = Path.of("/$from").resolveSibling(target).normalize().toString().trimStart('/')
