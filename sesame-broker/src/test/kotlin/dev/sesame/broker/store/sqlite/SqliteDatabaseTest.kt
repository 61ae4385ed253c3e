package dev.sesame.broker.store.sqlite

import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.temporaryDirectory
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import org.jdbi.v3.core.Handle

class SqliteDatabaseTest :
    FunSpec({
        test("a failure says what was tried, and nothing of what was to be written or looked for: it is logged") {
            fun Handle.insert() =
                createUpdate("INSERT INTO own_secrets (name, value) VALUES (:value, :value)").bind("value", "hidden").execute()

            SqliteDatabase(temporaryDirectory().resolve("test.db")).use { database ->
                database.write { it.insert() }
                val failures = listOf(
                    shouldThrow<StoreUnavailable> { database.write { it.insert() } }, // the name is taken
                    shouldThrow<StoreUnavailable> { database.read { it.insert() } }, // readers don't write
                )
                failures.map { it.stackTraceToString() }.forEach {
                    it shouldContain "own_secrets"
                    it shouldNotContain "hidden"
                }
            }
        }
    })
