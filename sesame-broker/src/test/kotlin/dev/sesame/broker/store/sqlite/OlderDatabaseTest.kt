package dev.sesame.broker.store.sqlite

import dev.sesame.broker.access.Requester
import dev.sesame.broker.store.question
import dev.sesame.broker.store.sqliteStores
import dev.sesame.broker.store.start
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json
import org.flywaydb.core.Flyway
import java.sql.DriverManager

/** A database that was written before requests of test mode could be. */
class OlderDatabaseTest :
    FunSpec({
        test("what was asked then is found, and falls due at its expiry") {
            val dir = temporaryDirectory()
            val asked = question(Requester("rq_old", "old", null, start), expiresInSeconds = 60)
            val url = "jdbc:sqlite:${dir.resolve("sesame.db")}"
            Flyway.configure(
                javaClass.classLoader,
            ).dataSource(url, null, null).locations("classpath:db/sqlite").target("2").load().migrate()
            DriverManager.getConnection(url).use { connection ->
                connection.createStatement().use { it.execute("INSERT INTO requesters (id, name, created_at) VALUES ('rq_old', 'old', 0)") }
                connection.prepareStatement(
                    "INSERT INTO approvals (id, requester_id, mode, action, status, created_at, expires_at, version, question, progress) " +
                        "VALUES (?, 'rq_old', 'live', 'payments.refund', 'pending', ?, ?, 1, ?, '{}')",
                ).use { insert ->
                    insert.setString(1, asked.id)
                    insert.setLong(2, asked.createdAt.toEpochMilli())
                    insert.setLong(3, asked.expiresAt.toEpochMilli())
                    insert.setString(4, Json.encodeToString(asked))
                    insert.execute()
                }
            }

            sqliteStores(dir).use { stores ->
                stores.approvals.find(asked.id)!!.question shouldBe asked
                stores.approvals.due(asked.expiresAt.minusMillis(1), 10) shouldBe emptyList()
                stores.approvals.due(asked.expiresAt, 10) shouldBe listOf(asked.id)
            }
        }
    })
