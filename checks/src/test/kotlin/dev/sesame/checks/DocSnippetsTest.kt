package dev.sesame.checks

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe

private val documentPath = Regex("""README\.md|docs/[^/]+\.md""")
private val compiledPath = Regex("""(?:samples/[^/]+|checks)/src/.*""")
private const val CLI = "sesame-broker/src/main/kotlin/dev/sesame/broker/cli/"

private fun document(vararg lines: String) = SourceFile("docs/a.md", lines.joinToString("\n"))

class DocSnippetsTest :
    FunSpec({
        val documents = SourceTree.files.filter { documentPath.matches(it.path) }

        test("there is a README") {
            documents.map { it.path } shouldContain "README.md"
        }

        test("each block of code in README and docs stands in a source that is compiled, or says why not") {
            val sources = SourceTree.files.filter { it.isCode && compiledPath.matches(it.path) }
            refuse("docs show what compiles", documents.flatMap { notCompiled(it, sources) })
        }

        test("each call of ./sesame in README and docs names a verb that exists") {
            val script = SourceTree.files.filter { it.path == "sesame" }.flatMap { verbsOfScript(it.text) }
            val cli = verbsOfCli(SourceTree.files.filter { it.isCode && it.path.startsWith(CLI) })
            refuse("docs show verbs that exist", documents.flatMap { unknownVerbs(it, (script + cli).toSet()) })
        }

        test("each relative link in README and docs leads to a file") {
            refuse("links lead somewhere", documents.flatMap { deadLinks(it, SourceTree::holds) })
        }

        test("a block counts as compiled only line for line, however far indented") {
            val source = SourceFile("samples/a/src/main/kotlin/A.kt", "fun a() {\n    b {\n        c()\n\n        d()\n    }\n}\n")
            fun missed(vararg lines: String) = notCompiled(document("# A", *lines), listOf(source)).map { it.line }
            missed("```kotlin", "b {", "    c()", "", "    d()", "}", "```").shouldBeEmpty()
            missed("- so:", "  ```kotlin", "  c()", "", "  d()", "  ```").shouldBeEmpty()
            missed("```kotlin", "c()", "d()", "```") shouldBe listOf(3)
            missed("```kotlin", "b {", "c()", "```") shouldBe listOf(3)
            missed("```kotlin", "```") shouldBe listOf(3)
            missed("```java", "c()", "```") shouldBe listOf(3)
            missed("```", "e()", "```", "```kotlin", "e()", "```") shouldBe listOf(6)
        }

        test("a block is exempt only with a reason directly above it") {
            fun missed(comment: String) = notCompiled(document(comment, "```kotlin", "e()", "```"), emptyList()).size
            missed("<!-- not compiled: it shows what is refused -->") shouldBe 0
            missed("<!-- not compiled: -->") shouldBe 1
            missed("<!-- not compiled -->") shouldBe 1
            missed("<!-- not compiled: it shows what is refused -->\n") shouldBe 1
        }

        test("a verb that doesn't exist is noticed, with its line") {
            val found = unknownVerbs(
                document("```console", "$ ./sesame up", "K=$(./sesame kex)", "$ ./sesame --help", "```", "```text", "./sesame x", "```"),
                setOf("up"),
            )
            found.map { it.line } shouldBe listOf(3)
        }

        test("verbs are what the script tells apart and what clikt is told or makes of the class") {
            verbsOfScript("case \"$1\" in\n  up) a ;;\n  build|test) b ;;\n  *) c ;;\nesac") shouldBe setOf("up", "build", "test")
            val text =
                """
                class KeysCommand(
                    a: Int,
                ) : CliktCommand(
                        name = "keys",
                    )
                class ServeNow : CliktCommand() {}
                abstract class Noun(name: String) : NoOpCliktCommand(name)
                fun all() = listOf(Noun("people"), Person("none"))
                """.trimIndent()
            verbsOfCli(listOf(SourceFile(CLI + "A.kt", text))) shouldBe setOf("keys", "serve-now", "people")
        }

        test("a link that leads nowhere is noticed, whichever way it is written, and not within a block") {
            val text = document("[a](b.md) [a](../c.md#d) ![a](e.png \"f\")", "[g]: h.md", "<img src=\"i.png\">", "[j](https://k) [l](#m)")
            deadLinks(text) { it == "c.md" }.map { it.what.substringAfterLast(' ') } shouldBe listOf("b.md", "e.png", "h.md", "i.png")
            deadLinks(document("```", "[a](b.md)", "```")) { false }.shouldBeEmpty()
        }
    })
