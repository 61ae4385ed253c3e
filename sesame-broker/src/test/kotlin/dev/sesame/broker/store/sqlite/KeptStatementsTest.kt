package dev.sesame.broker.store.sqlite

import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.Jdbi
import org.jdbi.v3.core.statement.UnableToExecuteStatementException
import java.sql.Statement

/** A statement that is kept is as good as a new one. */
internal class KeptStatementsTest : FunSpec() {
    private val file = temporaryDirectory().resolve("kept.db")
    private val jdbi = Jdbi.create("jdbc:sqlite:$file?journal_mode=WAL").setStatementBuilderFactory { KeptStatements() }
    private val writer = autoClose(jdbi.open())
    private val reader = autoClose(jdbi.open())

    private fun Handle.add(name: String) = createUpdate("INSERT INTO things (name) VALUES (:name)").bind("name", name).execute()

    private fun Handle.first(): String = createQuery("SELECT name FROM things ORDER BY name").mapTo(String::class.java).findFirst().get()

    private fun Handle.statementOf(sql: String): Statement =
        createQuery(sql).use { query -> query.execute { statement, _ -> statement.get() } }

    init {
        beforeSpec { writer.execute("CREATE TABLE things (name TEXT UNIQUE)") }

        test("the same text is prepared once") {
            reader.statementOf("SELECT 1") shouldBeSameInstanceAs reader.statementOf("SELECT 1")
            reader.statementOf("SELECT 1") shouldNotBe reader.statementOf("SELECT 2")
        }

        test("while one is in use the same text gets another") {
            val sql = "SELECT 3"
            reader.createQuery(sql).use { outer ->
                outer.execute { statement, _ ->
                    val one = statement.get()
                    reader.statementOf(sql) shouldNotBe one
                }
            }
        }

        test("one that was left before its last row sees what was written since") {
            writer.add("m")
            writer.add("n")
            reader.first() shouldBe "m"
            writer.add("a")
            reader.first() shouldBe "a"
        }

        test("one that failed is no worse the next time") {
            writer.add("twice")
            shouldThrow<UnableToExecuteStatementException> { writer.add("twice") }
            writer.add("once") shouldBe 1
        }

        test("lists of several lengths are each their own") {
            fun of(vararg names: String) = reader.createQuery("SELECT count(*) FROM things WHERE name IN (<names>)")
                .bindList("names", names.toList()).mapTo(Int::class.javaObjectType).one()
            writer.add("x")
            writer.add("y")
            listOf(of("x"), of("x", "y"), of("x"), of("x", "y")) shouldBe listOf(1, 2, 1, 2)
        }

        test("of very many texts the oldest are given up") {
            val first = reader.statementOf("SELECT 'first'")
            repeat(300) { reader.statementOf("SELECT $it + 1000") }
            first.isClosed shouldBe true
            reader.statementOf("SELECT 'first'") shouldNotBe first
        }
    }
}
