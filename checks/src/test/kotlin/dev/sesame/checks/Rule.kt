package dev.sesame.checks

import io.kotest.core.spec.style.FunSpec

/**
 * A house rule [over] some files, told in [words]: what [find] names breaks it.
 *
 * [bad] must break it and [good] must not: a rule that can't fail, or that nothing can keep, is no rule.
 */
internal class Rule(
    val words: String,
    private val over: (SourceFile) -> Boolean,
    val bad: List<SourceFile>,
    val good: List<SourceFile> = emptyList(),
    private val find: (SourceFile) -> List<Finding>,
) {
    fun findings(file: SourceFile): List<Finding> = if (over(file)) find(file) else emptyList()
}

/** A test that every file of the tree keeps [rule], and one that the rule notices who doesn't. */
internal fun FunSpec.enforce(rule: Rule) {
    test(rule.words) { refuse(rule.words, SourceTree.files.flatMap(rule::findings)) }

    test("it is noticed where it is broken: ${rule.words}") {
        val missed = rule.bad.filter { rule.findings(it).isEmpty() }.map { Finding(it.path, 1, "is bad, but passed: ${it.text.take(200)}") }
        refuse(rule.words, missed + rule.good.flatMap(rule::findings))
    }
}

/** Fails with [words] and every finding, one a line. */
internal fun refuse(words: String, findings: List<Finding>) {
    if (findings.isNotEmpty()) throw AssertionError(findings.joinToString("\n", prefix = "the rule is: $words\n"))
}

/** An example among main sources. */
internal fun inMain(text: String): SourceFile = SourceFile("a/src/main/kotlin/Vote.kt", text)

/** An example among tests. */
internal fun inTests(text: String): SourceFile = SourceFile("a/src/test/kotlin/VoteTest.kt", text)
