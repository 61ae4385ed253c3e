package dev.sesame.checks

private const val MAX_FILE_LINES = 350
private const val MAX_FUNCTION_LINES = 40
private const val MAX_MEDIAN_LINES = 70
private const val MAX_P90_LINES = 180

/** The whole tree's profile; a rule over one file can't see it. */
internal fun sizeProfile(lineCounts: List<Int>): List<String> {
    if (lineCounts.isEmpty()) return listOf("there are no main sources")
    val sorted = lineCounts.sorted()
    val median = sorted[(sorted.size - 1) / 2]
    val p90 = sorted[(sorted.size * 9 + 9) / 10 - 1]
    return listOfNotNull(
        "the median is $median lines, at most $MAX_MEDIAN_LINES are wanted".takeIf { median > MAX_MEDIAN_LINES },
        "the 90th percentile is $p90 lines, at most $MAX_P90_LINES are wanted".takeIf { p90 > MAX_P90_LINES },
    )
}

internal val fileSize = Rule(
    "no Kotlin or Java file is longer than $MAX_FILE_LINES lines",
    over = SourceFile::isCode,
    bad = listOf(SourceFile("a/src/test/kotlin/Long.kt", "val a = 1\n".repeat(MAX_FILE_LINES + 1))),
    good = listOf(SourceFile("a/src/test/kotlin/Fits.kt", "val a = 1\n".repeat(MAX_FILE_LINES))),
) { file ->
    listOf(Finding(file.path, file.lines.size, "${file.lines.size} lines")).filter { it.line > MAX_FILE_LINES }
}

internal val functionSize = Rule(
    "no function in main sources is longer than $MAX_FUNCTION_LINES lines",
    over = SourceFile::isMain,
    bad = listOf(inMain("    private suspend fun <T> long() {\n${"        go()\n".repeat(MAX_FUNCTION_LINES - 1)}    }\n")),
    good = listOf(inMain("fun fits(\n    a: Int,\n): Int {\n${"    go()\n".repeat(MAX_FUNCTION_LINES - 4)}}\n\nval next = 1\n")),
) { file ->
    functionsOf(file).filter { it.lineCount > MAX_FUNCTION_LINES }
        .map { Finding(file.path, it.firstLine, "${it.name} has ${it.lineCount} lines") }
}

private val emptyWords =
    setOf("Manager", "Helper", "Util", "Utils", "Processor", "Impl", "Dto", "Data", "Info", "Base", "Abstract", "Common", "Misc")
private val camelWord = Regex("[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
private val typeDeclaration = Regex("""\b(?:class|interface|object|typealias|enum|record)\s+([A-Z]\w*)""")

internal val emptyNames = Rule(
    "no file or type is named with a word that says nothing: ${emptyWords.joinToString()}",
    over = SourceFile::isCode,
    bad = listOf("class VoteManager", "interface BaseVote", "enum class VoteInfo", "data object VoteDTOImpl").map(::inMain) +
        SourceFile("a/src/main/kotlin/StringUtils.kt", "val a = 1"),
    good = listOf("class Database", "class Base64Text", "val a = \"class VoteManager\"", "// class VoteManager").map(::inMain),
) { file ->
    val types = file.code.flatMapIndexed { index, line -> typeDeclaration.findAll(line).map { index + 1 to it.groupValues[1] } }
    (types + (1 to file.stem))
        .filter { (_, name) -> camelWord.findAll(name).any { it.value in emptyWords } }
        .map { (line, name) -> Finding(file.path, line, name) }
}

internal val emptyPackages = Rule(
    "no package is called model, utils or impl",
    over = SourceFile::isCode,
    bad = listOf(inMain("package dev.sesame.model"), inMain("package dev.sesame.impl.sql")),
    good = listOf(inMain("package dev.sesame.models"), inMain("import dev.sesame.model.A")),
) { file -> file.findInCode(Regex("""^package (?:[\w.]+\.)?(?:model|utils|impl)\b.*""")) }

private val spec =
    Regex(
        """(abstract )?class (\w+)(?:(?!\bclass\b)[^{}])*?:\s*(?:(?:Fun|String|Behavior|Describe|Expect|Feature|Free|Should|Word)Spec|\w+Contract)\(""",
    )

internal val specNames = Rule(
    "a Kotest spec is named …Test, as its file is, or else nothing runs it; an abstract one is a …Contract",
    over = SourceFile::isTest,
    bad = listOf(
        SourceFile("a/src/test/kotlin/VoteSpec.kt", "class VoteSpec : FunSpec({})"),
        SourceFile("a/src/test/kotlin/Votes.kt", "class VoteTest(private val a: Int) :\n    StringSpec({})"),
        SourceFile("a/src/test/kotlin/StoreTest.kt", "abstract class StoreTest(a: () -> Int) : FunSpec({})"),
        SourceFile("a/src/test/kotlin/SqliteTest.kt", "class Row(val a: Int)\n\nclass Sqlite : FunSpec({})"),
        SourceFile("a/src/test/kotlin/SqliteStore.kt", "class SqliteStore : StoreContract({})"),
    ),
    good = listOf(
        SourceFile("a/src/test/kotlin/VoteTest.kt", "class VoteTest : FunSpec({})"),
        SourceFile("a/src/test/kotlin/StoreContract.kt", "abstract class StoreContract(a: () -> Int) : FunSpec({})"),
        SourceFile("a/src/test/kotlin/SqliteTest.kt", "class Row(val a: Int)\n\nclass SqliteTest : FunSpec({})"),
        SourceFile("a/src/test/kotlin/Votes.kt", "class Votes(val spec: FunSpec)"),
    ),
) { file ->
    spec.findAll(file.code.joinToString("\n")).filterNot { found ->
        val (abstract, name) = found.destructured
        if (abstract.isEmpty()) name.endsWith("Test") && file.stem.endsWith("Test") else name.endsWith("Contract")
    }.map { found -> Finding(file.path, file.text.take(found.range.first).count { it == '\n' } + 1, found.groupValues[2]) }.toList()
}
