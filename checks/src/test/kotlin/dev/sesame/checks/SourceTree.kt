package dev.sesame.checks

import java.nio.file.FileVisitResult
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.SimpleFileVisitor
import java.nio.file.attribute.BasicFileAttributes
import kotlin.io.path.exists
import kotlin.io.path.invariantSeparatorsPathString
import kotlin.io.path.isDirectory
import kotlin.io.path.name
import kotlin.io.path.readText

/** The repository as it lies on the disk: what git would track, without asking git. */
internal object SourceTree {
    private val untracked = setOf("target", ".git", "sesame-data", ".idea", ".kotlin")
    private val binary = setOf("jar", "db", "png", "jpg", "gif", "ico", "woff2", "class")

    /** The directory that holds both `.mvn` and `sesame-core`, at or above the working directory. */
    val root: Path = generateSequence(Path.of("").toAbsolutePath()) { it.parent }
        .firstOrNull { it.resolve(".mvn").isDirectory() && it.resolve("sesame-core").isDirectory() }
        ?: error("no directory at or above ${Path.of("").toAbsolutePath()} holds both .mvn and sesame-core")

    /** Every text file, in the order of the paths. */
    val files: List<SourceFile> by lazy { read().sortedBy { it.path } }

    /** Whether [path], from the root, is there. */
    fun holds(path: String): Boolean = root.resolve(path).exists()

    private fun read(): List<SourceFile> = buildList {
        Files.walkFileTree(
            root,
            object : SimpleFileVisitor<Path>() {
                override fun preVisitDirectory(dir: Path, attrs: BasicFileAttributes) =
                    if (dir.name in untracked) FileVisitResult.SKIP_SUBTREE else FileVisitResult.CONTINUE

                override fun visitFile(file: Path, attrs: BasicFileAttributes): FileVisitResult {
                    if (attrs.isRegularFile && file.name.substringAfterLast('.') !in binary) {
                        add(SourceFile(root.relativize(file).invariantSeparatorsPathString, file.readText()))
                    }
                    return FileVisitResult.CONTINUE
                }
            },
        )
    }
}

/** One text file; [path] is from the repository's root, with forward slashes. */
internal class SourceFile(val path: String, val text: String) {
    val name: String = path.substringAfterLast('/')
    val stem: String = name.substringBeforeLast('.')
    val module: String = path.substringBefore("/src/", missingDelimiterValue = "")
    val lines: List<String> = text.lines().dropLastWhile { it.isEmpty() }
    val isJava: Boolean = name.endsWith(".java")
    val isCode: Boolean = name.endsWith(".kt") || isJava
    val isMain: Boolean = isCode && listOf("/src/main/", "/src/peers/").any { it in "/$path" }
    val isTest: Boolean = isCode && "/src/test/" in "/$path"

    /** Its lines without comments and without what stands in quotes: as many lines, as wide. */
    val code: List<String> by lazy { BareCode(text).read().lines().take(lines.size) }

    val packageName: String by lazy {
        code.firstNotNullOfOrNull { Regex("""^package ([\w.]+)""").find(it) }?.groupValues?.get(1).orEmpty()
    }

    /** Each match of [pattern] in [code] as a finding. */
    fun findInCode(pattern: Regex): List<Finding> = find(pattern, code)

    /** Each match of [pattern] anywhere, comments and quotes included. */
    fun findInText(pattern: Regex): List<Finding> = find(pattern, lines)

    private fun find(pattern: Regex, among: List<String>): List<Finding> = among.flatMapIndexed { index, line ->
        pattern.findAll(line).map { Finding(path, index + 1, it.value.trim()) }
    }
}

/** Where a rule is broken, and by what. */
internal data class Finding(val path: String, val line: Int, val what: String) {
    override fun toString(): String = "$path:$line: $what"
}
