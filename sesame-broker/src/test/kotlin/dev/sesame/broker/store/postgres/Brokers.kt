package dev.sesame.broker.store.postgres

import dev.sesame.broker.BrokerProcess
import dev.sesame.broker.DatabaseConfig
import dev.sesame.broker.TestBroker
import dev.sesame.broker.access.Secret
import dev.sesame.broker.store.random
import dev.sesame.broker.temporaryDirectory
import java.util.Base64

/** Brokers on one PostgreSQL, each with a directory of its own. */
internal class Brokers(val url: String = PostgresServer.database()) : AutoCloseable {
    private val key = random(32)
    private val admin = Secret.make(Secret.APPROVER_TOKEN, random)
    private val started = ArrayList<AutoCloseable>()

    /** What tells a command, or a process, of the database. */
    val environment = mapOf(
        "SESAME_DATABASE_URL" to url,
        "SESAME_SECRETS_KEY" to Base64.getEncoder().encodeToString(key),
        "SESAME_WEBHOOK_ALLOW" to "127.0.0.0/8",
        "SESAME_BOOTSTRAP_APPROVER_TOKEN" to admin.clear,
    )

    fun start() = TestBroker(database = DatabaseConfig(url), secretsKey = key, token = admin).also { started += it }

    /** One in a process of its own. */
    fun startProcess(vararg more: Pair<String, String>) =
        BrokerProcess.broker(temporaryDirectory(), environment = environment + more).also { started += it }

    override fun close() = started.reversed().forEach { it.close() }
}
