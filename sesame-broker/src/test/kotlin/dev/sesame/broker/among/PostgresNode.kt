package dev.sesame.broker.among

import dev.sesame.broker.delivery.awaitThat
import dev.sesame.broker.store.postgres.PostgresServer
import io.kotest.matchers.shouldBe
import java.lang.ProcessBuilder.Redirect
import java.net.InetAddress
import java.net.ServerSocket
import java.nio.file.Path
import java.sql.Connection
import java.sql.DriverManager
import java.util.concurrent.TimeUnit
import kotlin.io.path.Path
import kotlin.io.path.div
import kotlin.io.path.readText

/** One PostgreSQL of a failover, on the data in [directory], with these settings. It can be killed, stand still, and come back on the same port. */
internal class PostgresNode(private val directory: Path, private val settings: () -> Map<String, String>) : AutoCloseable {
    val port = ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")).use { it.localPort }
    private val log = directory.resolveSibling("${directory.fileName}.log")
    private var server: Process? = null
    private val endWithUs = Thread { kill() }.also(Runtime.getRuntime()::addShutdownHook)

    /** Returns once it answers. */
    fun start() {
        val given = (USUAL + settings() + ("port" to "$port")).flatMap { (name, value) -> listOf("-c", "$name=$value") }
        val started = run(listOf("${program("postgres")}", "-D", "$directory") + given, log)
        server = started
        awaitThat("PostgreSQL to answer, which says ${log.readText()}") { !started.isAlive || runCatching { connect().close() }.isSuccess }
        check(started.isAlive) { "PostgreSQL didn't start: ${log.readText()}" }
    }

    /** SIGKILL to all its processes. What they wrote is with the operating system. */
    fun kill() {
        val all = processes()
        all.forEach { it.destroyForcibly() }
        server?.waitFor(10, TimeUnit.SECONDS)
        // Who adopts its children may never ask how they ended.
        all.drop(1).forEach { child -> awaitThat("${child.pid()} to be gone") { child.isGone() } }
        server = null
    }

    /** SIGSTOP to all its processes: connections stay open, and are even taken, and nothing is answered. */
    fun pause() = processes().forEach { signal("STOP", it.pid()) }

    /** SIGCONT. */
    fun goOn() = processes().reversed().forEach { signal("CONT", it.pid()) }

    /** Makes a standby the primary; returns once it is. */
    fun promote() {
        ask("SELECT pg_promote(true, 30)") shouldBe "t"
    }

    /** The first value of what [sql] comes to, in [database]. */
    fun ask(sql: String, database: String = "postgres"): String? = connect(database).use { connection ->
        connection.createStatement().use { if (it.execute(sql) && it.resultSet.next()) it.resultSet.getString(1) else null }
    }

    override fun close() {
        kill()
        Runtime.getRuntime().removeShutdownHook(endWithUs)
    }

    private fun connect(database: String = "postgres"): Connection =
        DriverManager.getConnection("jdbc:postgresql://127.0.0.1:$port/$database?user=postgres")

    private fun processes(): List<ProcessHandle> = server?.toHandle()?.let { listOf(it) + it.descendants().toList() }.orEmpty()

    private fun ProcessHandle.isGone() =
        runCatching { Path("/proc/${pid()}/stat").readText().substringAfterLast(") ").startsWith("Z") }.getOrDefault(true)

    private fun signal(name: String, pid: Long) {
        ProcessBuilder("kill", "-$name", "$pid").start().waitFor() shouldBe 0
    }

    companion object {
        /** As of [PostgresServer]: the disk needn't be waited for. */
        private val USUAL = mapOf(
            "listen_addresses" to "127.0.0.1",
            "unix_socket_directories" to "",
            "fsync" to "off",
            "shared_buffers" to "16MB",
            "wal_retrieve_retry_interval" to "200ms",
        )

        /** Makes an empty one in [directory]. */
        fun make(directory: Path) {
            val log = directory.resolveSibling("initdb.log")
            val line = listOf("${program("initdb")}", "-D", "$directory", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
            check(run(line, log).waitFor() == 0) { "PostgreSQL makes no directory: ${log.readText()}" }
        }

        /** Of those that the server of this process was started from. */
        private fun program(name: String): Path =
            Path((Path(PostgresServer.setting("data_directory")) / "postmaster.opts").readText().substringBefore(' ')).resolveSibling(name)

        /** No PostgreSQL runs as root; so it becomes somebody else in its own eyes. */
        private fun run(line: List<String>, log: Path): Process {
            val asWhom = if (System.getProperty("user.name") == "root") listOf("unshare", "-U") else emptyList()
            return ProcessBuilder(asWhom + line).redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile())).start()
        }
    }
}
