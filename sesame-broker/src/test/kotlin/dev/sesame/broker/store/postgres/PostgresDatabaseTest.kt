package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.StoreUnavailable
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import org.jdbi.v3.core.Handle
import java.sql.DriverManager

@EnabledIf(PostgresIsHere::class)
class PostgresDatabaseTest :
    FunSpec({
        fun open(url: String = PostgresServer.database()) = PostgresDatabase(PostgresAddress(url))

        fun Handle.keep(name: String) = execute("INSERT INTO own_secrets (name, value) VALUES (?, ?)", name, byteArrayOf(1))

        fun Handle.setting(name: String) = createQuery("SELECT current_setting('$name')").mapTo(String::class.java).one()

        suspend fun PostgresDatabase.count() =
            read { it.createQuery("SELECT count(*) FROM own_secrets").mapTo(Int::class.javaObjectType).one() }

        test("a failure says what was tried, and nothing of what was to be written or looked for: it is logged") {
            open().use { database ->
                database.write { it.keep("hidden") }
                val failures = listOf(
                    shouldThrow<StoreUnavailable> { database.write { it.keep("hidden") } }, // the name is taken
                    shouldThrow<StoreUnavailable> {
                        database.write { it.prepareBatch("INSERT INTO own_secrets (name) VALUES (?)").add("hidden").execute() }
                    },
                )
                failures.map { it.stackTraceToString() }.forEach {
                    it shouldContain "own_secrets"
                    it shouldNotContain "hidden"
                }
            }
        }

        test("a write that the database refuses fails alone, and leaves nothing") {
            open().use { database ->
                shouldThrow<StoreUnavailable> {
                    database.write {
                        it.keep("a")
                        it.keep("a")
                    }
                }
                database.write { it.keep("b") }
                database.count() shouldBe 1
            }
        }

        test("connections that the server ended are replaced: what was acknowledged is there, and the next call goes through") {
            val url = PostgresServer.database()
            open(url).use { database ->
                repeat(5) { round ->
                    database.write { it.keep("$round") }
                    coroutineScope { List(8) { async(Dispatchers.IO) { database.count() } }.awaitAll() }
                    PostgresServer.endConnections(url)
                    if (round % 2 == 0) database.count() shouldBe round + 1
                }
            }
        }

        test("what a server warns of whoever connects is no word about a commit") {
            val url = PostgresServer.database()
            val name = url.substringAfterLast('/').substringBefore('?')
            PostgresServer.execute("ALTER DATABASE $name SET default_text_search_config = 'none.such'")
            DriverManager.getConnection(url).use { it.warnings.message shouldContain "none.such" }
            open(url).use { database ->
                repeat(5) { round ->
                    database.write { it.keep("$round") }
                    PostgresServer.endConnections(url)
                }
                database.count() shouldBe 5
            }
        }

        test("an acknowledged write is flushed, and each statement of it looks anew, whatever the defaults of the server are") {
            val url = PostgresServer.database()
            val name = url.substringAfterLast('/').substringBefore('?')
            PostgresServer.execute("ALTER DATABASE $name SET synchronous_commit = off")
            PostgresServer.execute("ALTER DATABASE $name SET default_transaction_isolation = 'serializable'")
            open(url).use { database ->
                database.write { it.setting("synchronous_commit") } shouldBe "on"
                database.write { it.setting("transaction_isolation") } shouldBe "read committed"
                database.write { it.setting("idle_in_transaction_session_timeout") } shouldBe "10s"
            }
        }

        test("a writer that was stopped in its turn loses it, and the others go on") {
            val url = PostgresServer.database()
            val stopped = PostgresAddress(url).connections().connection
            stopped.use { connection ->
                connection.autoCommit = false
                connection.createStatement().use {
                    it.execute("SET idle_in_transaction_session_timeout = '500ms'")
                    it.execute(WriterTurns.TAKE_TURN.replace("'10s', true), CASE", "'500ms', true), CASE"))
                }
                open(url).use { it.write { handle -> handle.keep("a") } shouldBe 1 }
                shouldThrow<java.sql.SQLException> { connection.commit() }
            }
        }
    })
