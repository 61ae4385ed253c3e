package dev.sesame.broker.store.postgres

import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.sqlite.SqliteDatabase
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope

/** What stands in the way of a start is said in a line, without a password. */
@EnabledIf(PostgresIsHere::class)
class PostgresStartTest :
    FunSpec({
        fun refused(url: String, vararg words: String, user: String? = null, password: String? = "hidden") {
            val problem = shouldThrow<StoreUnavailable> { PostgresDatabase(PostgresAddress(url, user, password)).close() }
            words.forEach { problem.message!! shouldContain it }
            problem.message!!.lines().size shouldBe 1
            problem.stackTraceToString() shouldNotContain "hidden"
        }

        test("no server, no database, the wrong password") {
            refused("jdbc:postgresql://127.0.0.1:1/sesame", "no PostgreSQL answers at 127.0.0.1:1/sesame")
            refused(PostgresServer.urlOf("absent"), "has no such database", "/absent")
            PostgresServer.guardedBy("right").let { (user, database) ->
                val url = "jdbc:postgresql://localhost:${PostgresServer.port}/$database"
                refused(url, "refuses this user or password", user = user)
                refused("$url?user=$user&password=hidden", "refuses this user or password", password = null)
                PostgresDatabase(PostgresAddress(url, user, "right")).close()
            }
        }

        test("an address that is none, which the error doesn't repeat") {
            val bad =
                listOf("postgres://hidden", "jdbc:sqlite:hidden", "jdbc:postgresql://me:hidden@host/db", "jdbc:postgresql://host:hidden/db")
            bad.forEach {
                shouldThrow<StoreUnavailable> { PostgresAddress(it) }.message!! shouldNotContain "hidden"
            }
            PostgresAddress.problem("jdbc:postgresql://a:1,b:2/db?user=u").shouldBeNull()
            "${PostgresAddress("jdbc:postgresql://a:1,b/db?user=u&password=hidden")}" shouldBe "a:1,b:5432/db"
        }

        test("a server that is too old, by its version and the least that will do") {
            val source = PostgresAddress(PostgresServer.database()).connections()
            shouldThrow<StoreUnavailable> { firstContact(source, "here", least = 99) }.message!!.let {
                it shouldContain "version ${PostgresServer.version}:"
                it shouldContain "99"
            }
        }

        test("a schema that a newer broker made, on either engine") {
            val newer = "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, " +
                "execution_time, success) VALUES (1000, '999', 'later', 'SQL', 'V999__later.sql', 1, 'x', 1, true)"
            val url = PostgresServer.database()
            PostgresDatabase(PostgresAddress(url)).use { it.write { handle -> handle.execute(newer) } }
            refused(url, "schema is of version 999")
            val file = temporaryDirectory().resolve("sesame.db")
            SqliteDatabase(file).use {
                it.write { handle ->
                    handle.execute(newer.replaceFirst("(", "(installed_on, ").replace("VALUES (", "VALUES ('2026-01-01 00:00:00', "))
                }
            }
            shouldThrow<StoreUnavailable> { SqliteDatabase(file).close() }.message!! shouldContain "schema is of version 999"
        }

        test("the server is of the version that this build was told to take") {
            val told = System.getProperty("postgres.binaries.version") ?: return@test
            PostgresServer.version shouldBe told.substringBefore('.').toInt()
        }

        test("several brokers that start at once make the schema together") {
            val url = PostgresServer.urlOf(PostgresServer.emptyDatabase())
            coroutineScope { List(3) { async(Dispatchers.IO) { PostgresDatabase(PostgresAddress(url)).close() } }.awaitAll() }
        }

        test("the schema is that of the embedded database: tables, columns, what may be absent, and what is unique") {
            val sqlite = SqliteDatabase(temporaryDirectory().resolve("sesame.db")).use { it.read(::schemaOfSqlite) }
            PostgresDatabase(PostgresAddress(PostgresServer.database())).use { database ->
                val postgres = database.read(::schemaOfPostgres)
                (sqlite - postgres.toSet()).shouldBeEmpty()
                (postgres - sqlite.toSet()).shouldBeEmpty()
                database.read { handle ->
                    handle.createQuery(
                        "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema() " +
                            "AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'",
                    ).mapTo(String::class.java).list()
                }.shouldBeEmpty()
            }
        }
    })
