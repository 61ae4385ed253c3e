package dev.sesame.checks

/**
 * Who may import whom, as `house.md` says. Only the main sources of [module] count, of these the files that stand in [of] and not in
 * [besides]. Such a file names nothing but [may], where that is said, and of this nothing in [never], save [unless]. [bad] is an example:
 * a file and what it must not import.
 */
internal class ImportRow(
    val words: String,
    private val module: String,
    of: String = "dev.sesame",
    besides: String = "",
    may: String? = null,
    never: String = "",
    unless: String = "",
    bad: Pair<String, String>,
) {
    private val of = Names(of)
    private val besides = Names(besides)
    private val may = may?.let(::Names)
    private val never = Names(never)
    private val unless = Names(unless)

    /** Whether there is anything for it to judge. */
    fun isMet(files: List<SourceFile>): Boolean = files.any(::isOver)

    val rule: Rule = Rule(words, ::isOver, bad = listOf(example(bad.first, bad.second))) { file ->
        foreignNames(file).filterNot { (_, name) -> isFree(name) }.map { (line, name) -> Finding(file.path, line, name) }
    }

    private fun isOver(file: SourceFile): Boolean {
        val name = "${file.packageName}.${file.stem}"
        return file.isMain && file.module == module && name in of && name !in besides
    }

    private fun isFree(name: String): Boolean = (may == null || name in may) && (name !in never || name in unless)

    private fun example(name: String, imported: String): SourceFile {
        val path = "$module/src/main/kotlin/${name.replace('.', '/')}.kt"
        return SourceFile(path, "package ${name.substringBeforeLast('.')}\n\nimport $imported\n")
    }
}

/** What the rules, and policy, are made of; and what in it they keep away from. */
internal const val VOCABULARY =
    "dev.sesame! dev.sesame.rules dev.sesame.internal kotlin kotlinx.serialization java.math java.time java.util"
internal const val IMPURE =
    "dev.sesame.Sesame dev.sesame.SesameConfig " +
        "java.util.concurrent java.util.logging java.util.Random kotlin.random kotlin.concurrent kotlin.io"
