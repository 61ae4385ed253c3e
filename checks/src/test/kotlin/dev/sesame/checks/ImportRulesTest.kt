package dev.sesame.checks

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe

class ImportRulesTest :
    FunSpec({
        (sdkImports + brokerImports).forEach { enforce(it.rule) }
        enforce(statusCodes)

        test("each row judges some file") {
            (sdkImports + brokerImports).filterNot { it.isMet(SourceTree.files) }.map { it.words }.shouldBeEmpty()
        }

        test("a name in the table means a package with all below it, a package alone, or what is below alone") {
            val names = listOf("a.b.C", "a.b.c", "a.b.c.D", "a.b.C.D", "a.bc.D", "a.b.c.*", "a.b.*", "a.b")
            fun meant(token: String) = names.filter { it in Names(token) }
            meant("a.b") shouldContainExactly listOf("a.b.C", "a.b.c", "a.b.c.D", "a.b.C.D", "a.b.c.*", "a.b.*", "a.b")
            meant("a.b!") shouldContainExactly listOf("a.b.C", "a.b.c", "a.b.C.D", "a.b.*")
            meant("a.b+") shouldContainExactly listOf("a.b.c.D", "a.b.c.*")
            meant("") shouldBe emptyList()
        }

        test("a name counts whether it is imported or written in full, and not where it is only told of") {
            val text =
                """
                package dev.sesame.rules

                import java.sql.Connection as Link

                /** As [java.sql.Driver] does. */
                fun a(clock: java.time.Clock) = "java.sql.Date"
                """.trimIndent()
            foreignNames(inMain(text)) shouldContainExactly listOf(3 to "java.sql.Connection", 6 to "java.time.Clock")
        }
    })
