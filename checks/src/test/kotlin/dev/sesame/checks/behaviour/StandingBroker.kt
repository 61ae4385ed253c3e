package dev.sesame.checks.behaviour

import dev.sesame.Approvers
import dev.sesame.Sesame
import dev.sesame.checks.BrokerProcess
import kotlinx.coroutines.flow.count
import kotlinx.coroutines.flow.firstOrNull
import kotlinx.coroutines.runBlocking
import java.nio.file.Files
import java.time.Duration

/** The real broker, in a process of its own. */
internal class StandingBroker : Standing {
    private val directory = Files.createTempDirectory("sesame-behaviour")
    private val broker = BrokerProcess.start(directory.resolve("data"))
    private val admin = Approvers(broker.adminToken) { brokerUrl = broker.address }
    private val sesame = Sesame {
        brokerUrl = broker.address
        apiKey = broker.apiKey
    }

    init {
        Runtime.getRuntime().addShutdownHook(
            Thread {
                listOf(admin, sesame, broker).forEach { it.close() }
                directory.toFile().deleteRecursively()
            },
        )
    }

    override val url: String get() = broker.address
    override val key: String get() = broker.apiKey

    override val people: People = object : People {
        override fun asked(action: String): String =
            soon(Duration.ofSeconds(30)) { runBlocking { admin.pending().firstOrNull { it.action == action } } }.id

        override fun approve(id: String) {
            runBlocking { admin.approve(id) }
        }

        override fun deny(id: String, note: String) {
            runBlocking { admin.deny(id, note) }
        }

        /** It passes by itself. */
        override fun saysNothing(id: String) = Unit

        override fun countOf(action: String): Int = runBlocking { sesame.approvals(action = action).count() }
    }
}
