package dev.sesame.broker

import dev.sesame.broker.access.Secret
import io.ktor.server.engine.EmbeddedServer
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.ktor.server.netty.NettyApplicationEngine
import io.netty.channel.ChannelOption
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import java.net.BindException
import java.net.InetSocketAddress
import java.nio.channels.UnresolvedAddressException
import java.nio.file.Path
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A running broker: started by [start], which returns when it answers; stopped by [close], which returns when nothing of it is left. */
internal class Broker private constructor(
    private val dataDir: BrokerDirectory,
    private val wiring: Wiring,
    private val server: EmbeddedServer<NettyApplicationEngine, NettyApplicationEngine.Configuration>,
    private val scope: CoroutineScope,
    /** Where it listens. */
    val url: String,
    /** Credentials made at this start: what they are, where they lie, and themselves. */
    val made: List<Credential>,
) : AutoCloseable {
    override fun close() {
        wiring.closing.complete(Unit)
        // The engine would cut them off. An answer counts as given a moment before its last bytes are written.
        runBlocking {
            withTimeoutOrNull(ANSWERS) { wiring.awaitAnswers() }
            delay(LAST_BYTES)
        }
        server.stop(GRACE_MS, TIMEOUT_MS)
        runBlocking { scope.coroutineContext.job.cancelAndJoin() }
        wiring.close()
        dataDir.close()
    }

    companion object {
        private val ANSWERS = 2.seconds
        private val LAST_BYTES = 250.milliseconds
        private const val GRACE_MS = 1_000L
        private const val TIMEOUT_MS = 6_000L

        fun start(config: BrokerConfig): Broker {
            val dataDir = BrokerDirectory.take(config.dataDir)
            val wiring = try {
                Wiring(config, dataDir)
            } catch (problem: CannotStart) {
                dataDir.close()
                throw problem
            } catch (problem: Exception) {
                dataDir.close()
                throw CannotStart("the database in ${config.dataDir} can't be opened: ${problem.firstLine()}", problem)
            }
            try {
                val made = runBlocking { FirstStart(wiring, dataDir).credentials(config) }
                val server = serve(config, wiring)
                val port = runBlocking { server.engine.resolvedConnectors().single().port }
                wiring.listensAt(InetSocketAddress(config.host, port))
                val url = "http://${if (':' in config.host) "[${config.host}]" else config.host}:$port"
                if (config.publicUrl == null) wiring.publicUrl = url
                dataDir.keepAddress(url)
                val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
                wiring.workers.start(scope)
                return Broker(dataDir, wiring, server, scope, url, made)
            } catch (problem: CannotStart) {
                wiring.close()
                dataDir.close()
                throw problem
            }
        }

        private fun serve(
            config: BrokerConfig,
            wiring: Wiring,
        ): EmbeddedServer<NettyApplicationEngine, NettyApplicationEngine.Configuration> {
            // Ktor's own hook would cut off the calls that ours lets end.
            System.setProperty("io.ktor.server.engine.ShutdownHook", "false")
            val server = embeddedServer(
                Netty,
                configure = {
                    connector {
                        host = config.host
                        port = config.port
                    }
                    maxInitialLineLength = LONGEST_REQUEST_LINE_BYTES
                    channelPipelineConfig = { addAfter("codec", "undecodable", wiring.refuseUndecodable()) }
                    configureBootstrap = {
                        option(ChannelOption.SO_BACKLOG, BACKLOG)
                        childOption(ChannelOption.SO_KEEPALIVE, true)
                    }
                },
                module = { wiring.install(this, config.limits) },
            )
            try {
                return server.start(wait = false)
            } catch (problem: Exception) {
                if (problem.causes().none { it is BindException || it is UnresolvedAddressException }) throw problem
                val address = "${config.host}:${config.port}"
                throw CannotStart(
                    "$address can't be listened on (${problem.firstLine()}): choose another --port, or stop what uses it",
                    problem,
                )
            }
        }

        private fun Throwable.causes(): Sequence<Throwable> = generateSequence(this) { it.cause }

        private fun Throwable.firstLine(): String = causes().last().let { it.message ?: it.javaClass.simpleName }.lineSequence().first()

        private const val LONGEST_REQUEST_LINE_BYTES = 16 * 1024
        private const val BACKLOG = 4_096
    }
}

/** A credential that was made at the first start. */
internal class Credential(val what: String, val file: Path, val secret: Secret)
