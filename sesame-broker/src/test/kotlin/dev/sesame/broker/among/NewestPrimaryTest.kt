package dev.sesame.broker.among

import dev.sesame.broker.store.postgres.NewestPrimary
import dev.sesame.broker.store.postgres.PostgresAddress
import dev.sesame.broker.store.postgres.PostgresIsHere
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.annotation.EnabledIf
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.sql.Connection
import java.sql.SQLException

/** A primary that lives on, and doesn't hear that it was replaced. */
@EnabledIf(PostgresIsHere::class)
class NewestPrimaryTest :
    FunSpec({
        fun Connection.port() = createStatement().use { it.executeQuery("SHOW port").run { if (next()) getInt(1) else null } }

        test("the next connection is to the one that replaced it, and those to itself are cut off") {
            val pair = autoClose(PostgresPair())
            val source = NewestPrimary(PostgresAddress(pair.url).connections())
            source.connection.use { before ->
                before.port() shouldBe pair.primary.port
                pair.standby.promote()
                source.connection.use { it.port() shouldBe pair.standby.port }
                shouldThrow<SQLException> { before.port() }
            }
            pair.standby.kill()
            shouldThrow<SQLException> { source.connection.close() }.suppressed.size shouldBe 1
        }
    })
