package dev.sesame.checks

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe

class TidyTest :
    FunSpec({
        enforce(fileSize)
        enforce(functionSize)
        enforce(emptyNames)
        enforce(emptyPackages)
        enforce(specNames)
        enforce(unfinishedWork)
        enforce(sleeps)
        enforce(swallowedCancellation)
        enforce(hiddenInputs)
        enforce(registries)

        test("main sources are small: the median at most 70 lines, nine in ten at most 180") {
            sizeProfile(SourceTree.files.filter { it.isMain }.map { it.lines.size }).shouldBeEmpty()
        }

        test("a tree of too many or too large files is noticed") {
            sizeProfile(List(10) { 70 }).shouldBeEmpty()
            sizeProfile(List(9) { 70 } + 350).shouldBeEmpty()
            sizeProfile(List(10) { 71 }).size shouldBe 1
            sizeProfile(List(8) { 10 } + listOf(181, 181)).size shouldBe 1
            sizeProfile(emptyList()).size shouldBe 1
        }

        test("the length of a function is counted to its closing brace, whatever stands in strings and between") {
            val text =
                """
                class A {
                    override fun one(
                        a: Int,
                    ): Int {
                        val b = "}"
                        fun inner() = 1

                        return a
                    }

                    /** Not part of it. */
                    fun two() = 1

                    fun interface Port {
                        suspend fun <T> three(): T
                    }

                    fun List<Int>.four() =
                        map {
                            it
                        }
                }
                """.trimIndent()
            functionsOf(inMain(text)).map { it.name to it.lineCount } shouldContainExactly
                listOf("one" to 8, "inner" to 1, "two" to 1, "three" to 1, "four" to 4)
        }

        test("comments and quotes are blanked, line for line") {
            val quotes = "\"\"\""
            val text = "a(\"b \\\" ${'$'}{c(\"}\")} d\") // e\nf('\"') /* g\nh */ i(${quotes}j \" {\nk$quotes) l"
            BareCode(text).read().lines().map { line -> line.filterNot { it == ' ' } } shouldContainExactly
                listOf("a()", "f()", "i(", ")l")
            BareCode(text).read().length shouldBe text.length
        }

        test("the tree has its roots: the root pom, main sources and these tests, and nothing that was built") {
            val paths = SourceTree.files.map { it.path }
            listOf("pom.xml", "sesame-core/pom.xml", "checks/src/test/kotlin/dev/sesame/checks/TidyTest.kt").filter { it !in paths }
                .shouldBeEmpty()
            paths.filter { "/target/" in it || it.startsWith(".git/") }.shouldBeEmpty()
        }
    })
