package dev.sesame.checks

import dev.sesame.Approval
import dev.sesame.Approvers
import dev.sesame.Sesame
import dev.sesame.SesameConfig
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.firstOrNull
import kotlinx.coroutines.withTimeout
import java.nio.file.Files
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A real broker, clients of it, and the person who answers. */
internal class Rig(private val environment: Map<String, String> = emptyMap()) : AutoCloseable {
    val dataDir = Files.createTempDirectory("sesame-check").resolve("data")
    var broker = BrokerProcess.start(dataDir, environment = environment)
        private set
    private val address = broker.address
    private val clients = mutableListOf<AutoCloseable>()

    val person = Approvers(broker.adminToken) { brokerUrl = address }.also(clients::add)

    fun client(configure: SesameConfig.() -> Unit = {}): Sesame = Sesame {
        apiKey = broker.apiKey
        brokerUrl = address
        configure()
    }.also(clients::add)

    /** `kill -9`, and another one in its place. */
    fun killAndRestart() {
        val port = broker.port
        broker.kill()
        broker = BrokerProcess.start(dataDir, port, environment)
    }

    /** The request for [action] that somebody asks, now or soon. */
    suspend fun pending(action: String): Approval = eventually { person.pending().firstOrNull { it.action == action } }

    override fun close() {
        clients.forEach { it.close() }
        broker.close()
        dataDir.parent.toFile().deleteRecursively()
    }
}

/** What [look] finds, once it finds something: asked again and again, for half a minute at most. */
internal suspend fun <T : Any> eventually(look: suspend () -> T?): T = withTimeout(30.seconds) {
    generateSequence { Unit }.firstNotNullOf {
        look() ?: null.also { delay(20.milliseconds) }
    }
}
