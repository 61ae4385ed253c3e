package dev.sesame.samples.cluster

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres
import java.net.ServerSocket
import java.nio.file.Path
import java.security.SecureRandom
import java.util.Base64

/** A PostgreSQL, two brokers on it and a proxy before them, all on this machine's loopback, with what they keep in [scratch]. */
internal class Cluster(private val scratch: Path, private val brokerJar: Path, private val deploy: Path, private val proxyKind: String?) :
    AutoCloseable {
    private val started = ArrayDeque<AutoCloseable>()
    private var isClosed = false

    /** The first of them made the credentials. */
    lateinit var brokers: List<BrokerNode>
        private set
    lateinit var proxy: Proxy
        private set
    private var databasePort = 0

    /** Returns when all of it answers. */
    fun start() {
        println("Starting a PostgreSQL, two brokers and a proxy…")
        databasePort = startDatabase().port
        val port = freePort()
        val settings = mapOf(
            "SESAME_DATABASE_URL" to "jdbc:postgresql://127.0.0.1:$databasePort/postgres?user=postgres",
            "SESAME_SECRETS_KEY" to Base64.getEncoder().encodeToString(ByteArray(KEY_BYTES).also(SecureRandom()::nextBytes)),
            "SESAME_PUBLIC_URL" to "http://127.0.0.1:$port",
        )
        // One after the other: the first makes the tables, the admin and the key.
        brokers = listOf("A", "B").map { name ->
            BrokerNode(name, brokerJar, scratch.resolve("broker-$name"), settings).also(::begun).also { it.start() }
        }
        proxy = Proxy.before(brokers.map { it.port }, port, deploy.resolve("nginx.conf"), scratch, proxyKind).also(::begun)
    }

    /** Where everything is, for people. */
    fun addresses(): String = buildString {
        appendLine("  PostgreSQL  127.0.0.1:$databasePort")
        brokers.forEach { appendLine("  broker ${it.name}    ${it.url}") }
        appendLine("  proxy       ${proxy.url} (${proxy.kind})")
        append("  sign in     ${brokers.first().signInLink} (an admin, once, within 15 minutes)")
    }

    /** Under the same lock as the end, so that Ctrl-C meanwhile leaves no server behind. */
    @Synchronized
    private fun startDatabase(): EmbeddedPostgres {
        check(!isClosed) { "it is ending" }
        val directory = scratch.resolve("postgres")
        return EmbeddedPostgres.builder().setRegisterShutdownHook(false).setDataDirectory(directory).start().also(started::addFirst)
    }

    @Synchronized
    private fun begun(part: AutoCloseable) {
        if (isClosed) part.close() else started.addFirst(part)
    }

    /** Ends all of it, the newest first. */
    @Synchronized
    override fun close() {
        isClosed = true
        started.filterIsInstance<BrokerNode>().forEach { it.askToStop() } // each takes a moment: so both take it at once
        started.forEach { it.close() }
        started.clear()
    }

    private companion object {
        const val KEY_BYTES = 32
    }
}

/** Taken by nobody a moment ago. */
private fun freePort(): Int = ServerSocket(0).use { it.localPort }
