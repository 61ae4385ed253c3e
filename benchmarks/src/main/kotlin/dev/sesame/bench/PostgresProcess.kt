package dev.sesame.bench

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres
import java.nio.file.Path
import java.sql.Connection
import java.sql.DriverManager
import java.util.concurrent.atomic.AtomicInteger
import kotlin.io.path.readLines
import kotlin.io.path.readText

/**
 * A real PostgreSQL in processes of its own, flushing as in production, with its data in [scratch]; brokers can share a database of it.
 *
 * It can be stopped and started again on the same data and port. It ends with this JVM.
 */
internal class PostgresProcess(scratch: Path, private val settings: Map<String, String> = emptyMap()) : AutoCloseable {
    private val directory = scratch.resolve("postgres")
    private val port = freePort()
    private val made = AtomicInteger()
    private var server: EmbeddedPostgres? = null

    /** The postmaster's. */
    val pid: Long get() = directory.resolve("postmaster.pid").readLines().first().trim().toLong()

    fun start() {
        val builder = EmbeddedPostgres.builder().setPort(port).setDataDirectory(directory).setCleanDataDirectory(false)
        (FLUSHING + settings).forEach { (name, value) -> builder.setServerConfig(name, value) }
        server = builder.start()
    }

    /** Ends all connections, rolls back what is not committed, and stops the server. */
    fun stop() {
        server?.close()
        server = null
    }

    /** On the same data, by [mode]: `fast` rolls back what runs, `immediate` ends in the middle of everything and recovers. */
    fun restart(mode: String) {
        val program = Path.of(directory.resolve("postmaster.opts").readText().substringBefore(' ')).resolveSibling("pg_ctl")
        // No PostgreSQL runs as root; the one that is there was started in the same way.
        val asWhom = if (System.getProperty("user.name") == "root") listOf("unshare", "-U") else emptyList()
        val log = directory.resolveSibling("restarts.log")
        val command = asWhom + listOf("$program", "-D", "$directory", "restart", "-m", mode, "-w", "-l", "$log")
        val code = ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor()
        check(code == 0) { "PostgreSQL can't be restarted: ${log.readText()}" }
    }

    /** Its postmaster, and whom that started. */
    fun processes(): List<Long> {
        val postmaster = ProcessHandle.of(pid).orElseThrow()
        return listOf(postmaster.pid()) + postmaster.descendants().map { it.pid() }.toList()
    }

    override fun close() = stop()

    /** Makes an empty database; returns its name. */
    fun newDatabase(): String = "bench_${made.incrementAndGet()}".also { name ->
        connect("postgres").use { connection -> connection.createStatement().use { it.execute("CREATE DATABASE $name") } }
    }

    fun connect(database: String): Connection = DriverManager.getConnection(url(database))

    fun url(database: String): String = "jdbc:postgresql://127.0.0.1:$port/$database?user=postgres"

    /** What brokers on [database] have in common; give each a directory of its own. */
    fun brokerEnvironment(database: String): Map<String, String> = mapOf(
        "SESAME_DATABASE_URL" to url(database),
        "SESAME_SECRETS_KEY" to "c2VzYW1lIGJlbmNoIHNlY3JldHMga2V5LCAzMiBieXQ=",
        BrokerProcess.API_KEY to "sk_live_sh_benchmarks_only_0123456789abcdef",
        BrokerProcess.APPROVER_TOKEN to "at_benchmarks_only_0123456789abcdef0123456789",
    )

    private companion object {
        /** The embedded server is made for tests: by itself it flushes nothing, and waits for no flush. */
        val FLUSHING = mapOf("fsync" to "on", "synchronous_commit" to "on")
    }
}
