package dev.sesame.broker

import dev.sesame.broker.store.StoreUnavailable
import dev.sesame.broker.store.sql.SqlDatabase
import dev.sesame.broker.store.sql.TimedDatabase
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.micrometer.prometheusmetrics.PrometheusConfig
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry
import kotlinx.coroutines.CancellationException
import org.jdbi.v3.core.Handle
import org.jdbi.v3.core.Jdbi
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TestTimeSource

class DatabaseMetricsTest :
    FunSpec({
        test(
            "calls are timed and failures counted, each by its kind; a read that fails says that the database is away, and one that doesn't, back",
        ) {
            val registry = PrometheusMeterRegistry(PrometheusConfig.DEFAULT)
            val time = TestTimeSource()
            val engine = ScriptedEngine(time)
            val database = TimedDatabase(engine, time, DatabaseMetrics(registry)::count)

            fun shouldSay(vararg lines: String) = lines.forEach { registry.scrape() shouldContain "$it\n" }

            shouldSay("sesame_database_up 1.0", """sesame_database_failures_total{call="write"} 0.0""")
            database.write { 1 }
            shouldSay("""sesame_database_seconds_count{call="write"} 1""", """sesame_database_seconds_bucket{call="write",le="0.05"} 1""")
            shouldSay("""sesame_database_seconds_bucket{call="write",le="0.025"} 0""")

            engine.failure = StoreUnavailable("away")
            shouldThrow<StoreUnavailable> { database.write { 1 } }
            shouldSay("sesame_database_up 1.0", """sesame_database_failures_total{call="write"} 1.0""")
            shouldThrow<StoreUnavailable> { database.read { 1 } }
            shouldSay("sesame_database_up 0.0", """sesame_database_failures_total{call="read"} 1.0""")

            engine.failure = CancellationException("the caller left")
            shouldThrow<CancellationException> { database.read { 1 } }
            shouldSay("sesame_database_up 0.0", """sesame_database_failures_total{call="read"} 1.0""")

            engine.failure = null
            database.read { 7 } shouldBe 7
            shouldSay("sesame_database_up 1.0", """sesame_database_seconds_count{call="read"} 1""")
        }
    })

/** Takes 40 ms for each call, and fails as it is told. */
private class ScriptedEngine(private val time: TestTimeSource) : SqlDatabase {
    var failure: Exception? = null

    override suspend fun <T> write(block: (Handle) -> T): T = answer(block)

    override suspend fun <T> read(block: (Handle) -> T): T = answer(block)

    private fun <T> answer(block: (Handle) -> T): T {
        time += 40.milliseconds
        failure?.let { throw it }
        return Jdbi.create("jdbc:sqlite::memory:").open().use(block)
    }

    override fun close() = Unit
}
