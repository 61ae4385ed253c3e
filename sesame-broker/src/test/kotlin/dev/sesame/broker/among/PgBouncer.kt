package dev.sesame.broker.among

import dev.sesame.broker.store.postgres.PostgresIsHere
import dev.sesame.broker.store.postgres.PostgresServer
import dev.sesame.broker.temporaryDirectory
import io.kotest.core.annotation.Condition
import io.kotest.core.spec.Spec
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.TimeUnit
import kotlin.io.path.Path
import kotlin.io.path.div
import kotlin.io.path.readText
import kotlin.io.path.writeText
import kotlin.reflect.KClass

/** A PgBouncer before the server of this process that lends its few connections for a transaction each. */
internal class PgBouncer : AutoCloseable {
    private val port = ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")).use { it.localPort }
    private val directory = temporaryDirectory()
    private val log = directory / "log"
    private val process: Process
    private val endWithUs = Thread { process.destroyForcibly() }

    init {
        val settings = directory / "pgbouncer.ini"
        settings.writeText(
            """
            [databases]
            * = host=localhost port=${PostgresServer.port} user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = $port
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = $LENT
            ignore_startup_parameters = extra_float_digits
            """.trimIndent(),
        )
        // It refuses to be root, so it becomes somebody who must be able to read this.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"))
        val asWhom = if (System.getProperty("user.name") == "root") listOf("-u", "nobody") else emptyList()
        process =
            ProcessBuilder(listOf("${program()}") + asWhom + "$settings").redirectErrorStream(true).redirectOutput(log.toFile()).start()
        Runtime.getRuntime().addShutdownHook(endWithUs)
        awaitReady()
    }

    /** The same database by way of this pooler. Versions before 1.21 keep no prepared statements. */
    fun urlOf(direct: String): String = direct.replace("localhost:${PostgresServer.port}", "127.0.0.1:$port") + "&prepareThreshold=0"

    private fun awaitReady() {
        val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10)
        while (!isListening()) {
            check(process.isAlive && System.nanoTime() < end) { "PgBouncer didn't start: ${log.readText()}" }
            process.waitFor(20, TimeUnit.MILLISECONDS)
        }
    }

    private fun isListening() = runCatching { Socket("127.0.0.1", port).close() }.isSuccess

    override fun close() {
        process.destroy()
        if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly()
        Runtime.getRuntime().removeShutdownHook(endWithUs)
    }

    companion object {
        /** Fewer than one broker alone would keep. */
        const val LENT = 6

        fun program(): Path? = (System.getenv("PATH").split(':') + "/usr/sbin").map {
            Path(it) / "pgbouncer"
        }.firstOrNull(Files::isExecutable)
    }
}

/** Where there is none, nothing is tested with it, and that is said; but never where a build counts. */
internal class PgBouncerIsHere : Condition {
    override fun evaluate(kclass: KClass<out Spec>): Boolean {
        val isHere = System.getenv("CI") == "true" || PgBouncer.program() != null
        if (!isHere) {
            System.err.println(
                "There is no pgbouncer on the path, so nothing is tested with it (on Debian: apt-get install pgbouncer)",
            )
        }
        return isHere && PostgresIsHere().evaluate(kclass)
    }
}
