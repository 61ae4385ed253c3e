package dev.sesame.broker

import dev.sesame.broker.access.Secret
import dev.sesame.broker.access.SecretsKey
import dev.sesame.broker.access.Site
import io.ktor.server.engine.EmbeddedServer
import io.ktor.server.netty.NettyApplicationEngine
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import java.net.InetSocketAddress
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
    /** Returns when the broker has to end by itself; it is to be closed then. */
    fun awaitEnd(): Ended = runBlocking { wiring.ended.await() }

    override fun close() {
        // The engine would cut them off. An answer counts as given a moment before its last bytes are written.
        runBlocking {
            wiring.endHeldCalls()
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
        private const val TIMEOUT_MS = 4_000L

        /** Returns when it answers; [CannotStart] where it can't, with nothing of it left. */
        fun start(config: BrokerConfig): Broker {
            val begun = ArrayDeque<AutoCloseable>()
            try {
                refuseOwnKey(config)
                val dataDir = BrokerDirectory.take(config.dataDir, holdsDatabase = config.database == null).also(begun::addFirst)
                tryToListen(config)
                val wiring = orSay("the database in ${config.dataDir} can't be opened") { Wiring(config, dataDir) }.also(begun::addFirst)
                val first = FirstStart(wiring, dataDir)
                val made = orSay("the first credentials can't be kept in ${config.dataDir}") { runBlocking { first.credentials(config) } }
                val server = serve(config, wiring)
                begun.addFirst { server.stop(0, TIMEOUT_MS) }
                val port = runBlocking { server.engine.resolvedConnectors().single().port }
                wiring.listensAt(InetSocketAddress(config.host, port))
                val url = urlOf(config.host, port)
                if (config.publicUrl == null) wiring.site = Site(url)
                orSay("the address can't be written into ${config.dataDir}") { dataDir.keepAddress(url) }
                val link = orSay("the first sign-in link can't be kept in ${config.dataDir}") { runBlocking { first.signInLink() } }
                val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
                wiring.workers.start(scope)
                return Broker(dataDir, wiring, server, scope, url, made + listOfNotNull(link))
            } catch (problem: Throwable) { // whatever it is, one line must say it
                begun.forEach { closeAfter(problem, it) }
                throw problem as? CannotStart ?: CannotStart("the broker can't start: ${problem.firstLine()}", problem)
            }
        }

        /** A key in the data directory would be this broker's alone, and what it sealed lost to the others, and with the directory. */
        private fun refuseOwnKey(config: BrokerConfig) {
            if (config.database == null || config.secretsKey != null) return
            throw CannotStart(
                "SESAME_DATABASE_URL needs ${SecretsKey.VARIABLE}, the same for every broker on that database: " +
                    "\"openssl rand -base64 32\" makes one",
            )
        }

        private fun <T> orSay(what: String, step: () -> T): T = try {
            step()
        } catch (problem: CannotStart) {
            throw problem // it says more
        } catch (problem: Throwable) {
            throw CannotStart("$what: ${problem.firstLine()}", problem)
        }

        private fun closeAfter(problem: Throwable, part: AutoCloseable) = try {
            part.close()
        } catch (another: Exception) {
            problem.addSuppressed(another)
        }

        private fun urlOf(host: String, port: Int) = "http://${if (':' in host) "[$host]" else host}:$port"
    }
}

/** A credential that was made at the first start. */
internal class Credential(val what: String, val file: Path, val secret: Secret)
