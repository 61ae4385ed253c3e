package dev.sesame.broker

import dev.sesame.broker.access.Role
import dev.sesame.broker.access.Site
import dev.sesame.broker.store.random
import dev.sesame.broker.store.start
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import kotlinx.coroutines.runBlocking
import java.time.Duration
import java.time.Instant
import java.time.InstantSource

/** A clock that stands until it is moved. */
internal class MovableClock(@Volatile private var now: Instant = start) : InstantSource {
    override fun instant(): Instant = now

    fun move(by: Duration) {
        now += by
    }

    fun moveSeconds(seconds: Long) = move(Duration.ofSeconds(seconds))
}

/** All of the broker, over real HTTP, on a clock that tests move; only its workers stand still. */
internal class ClockedBroker(publicUrl: String? = null, config: BrokerConfig = BrokerConfig()) :
    Callable(),
    AutoCloseable {
    val clock = MovableClock()
    private val dataDir = BrokerDirectory.take(temporaryDirectory())
    private val wiring = Wiring(config, dataDir, clock, random)
    private val server = embeddedServer(Netty, configure = {
        connector {
            host = "127.0.0.1"
            port = 0
        }
    }) { wiring.install(this, Limits()) }
        .start(wait = false)
    override val url = "http://127.0.0.1:${runBlocking { server.engine.resolvedConnectors().single().port }}"

    init {
        wiring.site = Site(publicUrl ?: url)
    }

    override val admin = Http(url, runBlocking { wiring.register.addApprover("admin", Role.ADMIN)!!.second.clear })

    /** One round of the worker that counts for the metrics. */
    fun count() = runBlocking { wiring.counting.run() }

    override fun close() {
        server.stop(0, 2_000)
        wiring.close()
        dataDir.close()
    }
}
